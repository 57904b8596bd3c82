import type { Four, Six } from './spellings.ts';

/** Addresses a stranger would like us to ask, and some that everybody may. */
export const closedFours = [
  '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.100.100.200', '100.127.255.255', '127.0.0.1', '127.0.0.53', '127.255.255.254', '169.254.0.1', '169.254.169.254', '169.254.170.2', '172.16.0.1', '172.17.0.1', '172.31.255.255',
  '192.0.0.1', '192.0.0.170', '192.0.0.192', '192.0.2.1', '192.31.196.1', '192.52.193.1', '192.88.99.1', '192.168.0.1', '192.168.1.254', '192.175.48.1', '198.18.0.1', '198.19.255.255', '198.51.100.7', '203.0.113.9', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255',
].map(readFour);

export const openFours = ['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '93.184.216.34', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '223.255.255.255'].map(readFour);

export const closedSixes = [
  '0:0:0:0:0:0:0:0', '0:0:0:0:0:0:0:1', '0:0:0:0:0:ffff:7f00:1', '64:ff9b:0:0:0:0:a9fe:a9fe', '64:ff9b:1:0:0:0:a00:1', '100:0:0:0:0:0:0:1', '2001:0:7f00:1:0:0:0:0', '2001:2:0:0:0:0:0:1', '2001:20:0:0:0:0:0:1', '2001:db8:0:0:0:0:0:1', '2002:7f00:1:0:0:0:0:1', '2606:4700:0:0:0:5efe:a00:1',
  '2620:4f:8000:0:0:0:0:1', '3fff:fff:0:0:0:0:0:1', '4000:0:0:0:0:0:0:1', '5f00:0:0:0:0:0:0:1', 'fc00:0:0:0:0:0:0:1', 'fd00:ec2:0:0:0:0:0:254', 'fe80:0:0:0:0:0:0:1', 'fec0:0:0:0:0:0:0:1', 'ff02:0:0:0:0:0:0:1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
].map(readSix);

export const openSixes = ['2000:0:0:0:0:0:0:1', '2001:200:0:0:0:0:0:1', '2001:4860:4860:0:0:0:0:8888', '2003:0:0:0:0:0:0:1', '2606:4700:0:0:0:0:0:1111', '2a00:1450:4001:0:0:0:0:200e', '3ffe:0:0:0:0:0:0:1'].map(readSix);

export const closedNames = [
  'localhost', 'LocalHost', 'localhost.', 'a.localhost', 'a.b.localhost.', 'localhost.localdomain', 'localhost6.localdomain6', 'redis', 'postgres.', 'metadata', 'metadata.google.internal', 'METADATA.GOOGLE.INTERNAL.', 'instance-data.ec2.internal', 'printer.local', 'nas.lan', 'wiki.corp', 'router.home', 'a.home.arpa', 'x.intranet', 'x.private',
  'ｌｏｃａｌｈｏｓｔ', 'loc%61lhost', 'loc\u00adalhost', 'localhost%2e', 'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', 'localhost。', 'metadata。google。internal', 'localhost..', '127.0.0.1..', 'a..example.com', '.example.com', 'a*b.example.com', 'a b.example.com', `${'a'.repeat(64)}.example.com`, `${'a.'.repeat(127)}example.com`,
];

export const openNames = ['cdn.example.com', 'CDN.Example.COM', 'cdn.example.com.', '방송.example.com', 'xn--9m1bo9n.example.com', 'a_b.example.com', 'localhost.example.com', 'internal.example.com', 'mylocal.example', '127.0.0.1.example.com', '10.example'];

export function readFour(text: string): Four {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [a, b, c, d];
}

function readSix(text: string): Six {
  return text.split(':').map((part) => Number.parseInt(part, 16));
}
