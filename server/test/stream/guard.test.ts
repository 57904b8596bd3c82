import t from 'tap';
import { createGuard } from '../../src/stream/guard.ts';
import { StreamError, streamSentences } from '../../src/stream/refusal.ts';

const guard = createGuard([]);
const judge = (url: string, allow: readonly string[] = []) => createGuard(allow).judgeUrl(new URL(url));

t.test('addresses on the public internet may be asked', async (t) => {
  for (const url of ['https://cdn.example.com/live/index.m3u8', 'http://93.184.216.34/', 'https://[2606:4700::1111]/x', 'https://cdn.example.com./x', 'http://cdn.example.com:443/', 'https://cdn.example.com:80/', 'https://방송.example.com/', 'https://a_b.example.com/', 'https://8.8.8.8:443/']) {
    t.equal(judge(url), null, url);
  }
});

t.test('an address of a private network is refused in every spelling that a URL has', async (t) => {
  const spellings = [
    '127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f.1', '0x7f000001', '017700000001', '0177.0.0.1', '0X7F.0.0.0X1', '127.0.0.1.', '１２７.０.０.１', '127。0。0。1', '%31%32%37.0.0.1', '①②⑦.0.0.1', '[::1]', '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]', '[fe80::1]', '[fd00::1]', '[fec0::1]', '[ff02::1]', '[::]', '0', '0.0.0.0', '10.0.0.1', '100.64.0.1', '169.254.169.254',
    '0xa9fea9fe', '2852039166', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.0.0.170', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255',
    '[2001:db8::1]', '[2001:20::1]', '[3fff::1]', '[2606:4700::5efe:7f00:1]', '[2606:4700::200:5efe:7f00:1]', '[4000::1]', '[5f00::1]', '[2620:4f:8000::1]',
  ];
  for (const host of spellings) for (const scheme of ['http', 'https']) t.equal(judge(`${scheme}://${host}/live.m3u8`), 'private_address', `${scheme}://${host}`);
});

t.test('what stands just outside a special range is public', async (t) => {
  for (const host of ['9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0', '169.253.255.255', '172.15.255.255', '172.32.0.0', '192.0.1.0', '192.167.255.255', '198.17.255.255', '198.20.0.0', '223.255.255.255', '[2001:200::]', '[2003::]', '[2001:db7::]', '[2001:db9::]', '[3ffe::]', '[2000::]']) {
    t.equal(judge(`http://${host}/`), null, host);
  }
});

t.test('names that only the inside of a network knows are refused', async (t) => {
  for (const host of ['localhost', 'LOCALHOST', 'localhost.', 'x.localhost', 'x.localhost.', 'redis', 'metadata', 'printer.local', 'metadata.google.internal', 'metadata.google.internal.', 'ｌｏｃａｌｈｏｓｔ', 'loc%61lhost', 'a.home.arpa', 'nas.lan', 'wiki.corp', 'localhost.localdomain', 'localhost6.localdomain6']) {
    t.equal(judge(`http://${host}/`), 'private_address', host);
  }
  for (const host of ['localhost.example.com', 'local.example', 'notlocal.example.com', 'internal-cdn.example.com']) t.equal(judge(`http://${host}/`), null, host);
});

t.test('what is no plain web address is refused by that name', async (t) => {
  for (const url of ['ftp://cdn.example.com/', 'file:///etc/passwd', 'data:,x', 'javascript:alert(1)', 'gopher://127.0.0.1:6379/_x', 'ws://cdn.example.com/', 'blob:https://cdn.example.com/x', 'about:blank', 'https://a@cdn.example.com/', 'https://a:b@cdn.example.com/', 'https://:b@cdn.example.com/', 'http://cdn..example.com/', 'http://cdn.example.com../', 'http://127.0.0.1../', 'http://cdn.exa*mple.com/', `http://${'a'.repeat(64)}.example.com/`, `https://cdn.example.com/${'a'.repeat(9_000)}`]) {
    t.equal(judge(url), 'bad_url', url.slice(0, 60));
  }
});

t.test('only the usual ports are asked', async (t) => {
  for (const port of [0, 22, 25, 81, 6379, 8080, 65_535]) t.equal(judge(`http://cdn.example.com:${port}/`), 'bad_port', `${port}`);
  t.equal(judge('http://127.0.0.1:8080/'), 'private_address', 'the address is the graver of two faults');
});

t.test('what the operator lists is exempt from the rules of addresses and ports, and of nothing else', async (t) => {
  t.equal(judge('http://127.0.0.1:8080/', ['127.0.0.1:8080']), null);
  t.equal(judge('http://0x7f.1:8080/', ['127.0.0.1:8080']), null, 'another spelling of the same');
  t.equal(judge('http://127.0.0.1:8081/', ['127.0.0.1:8080']), 'private_address');
  t.equal(judge('http://127.0.0.1/', ['127.0.0.1:80']), null, 'a default port may be written out');
  t.equal(judge('https://127.0.0.1/', ['127.0.0.1:80']), 'private_address');
  t.equal(judge('https://127.0.0.1:9/', ['127.0.0.1']), null, 'a host alone means all its ports');
  t.equal(judge('http://[::1]:8080/', ['[::1]:8080']), null);
  t.equal(judge('http://[0:0::1]:8080/', ['::1']), null, 'IPv6 is listed with brackets or without');
  t.equal(judge('http://media/', ['media']), null);
  t.equal(judge('http://MEDIA.lan./', ['Media.LAN']), null);
  t.equal(judge('http://x.media/', ['media']), null, 'a public name, listed or not');
  t.equal(judge('http://x.localhost/', ['localhost']), 'private_address', 'what lies below a listed name is not listed');
  t.equal(judge('ftp://127.0.0.1/', ['127.0.0.1']), 'bad_url');
  t.equal(judge('http://a@127.0.0.1/', ['127.0.0.1']), 'bad_url');
});

t.test('a list that nobody can read ends the start', async (t) => {
  for (const entry of ['', ' ', 'http://media', 'media/x', 'a@media', 'media:', 'media:http', 'media:99999', '[::1', 'a b', '*', 'a,b', '[::1%lo]']) {
    t.throws(() => createGuard([entry]), { message: /neither a host nor host:port/ }, `“${entry}”`);
  }
});

t.test('an address that DNS answered is judged as such, and listed by the name that was asked', async (t) => {
  t.ok(guard.mayReach('93.184.216.34', 'cdn.example.com'));
  t.ok(guard.mayReach('2606:4700::1111', 'cdn.example.com:443'));
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '::ffff:93.184.216.34', '::ffff:5db8:d822', 'fe80::1%eth0', '2606:4700::1%eth0', '169.254.169.254', '127.1', '0x7f000001', 'localhost', '', '::']) {
    t.notOk(guard.mayReach(address, 'cdn.example.com:443'), address);
  }
  const open = createGuard(['media.lan', '[::1]:8080']);
  t.ok(open.mayReach('10.0.0.7', 'media.lan:8080'));
  t.ok(open.mayReach('10.0.0.7', 'media.lan'));
  t.ok(open.mayReach('::1', '[::1]:8080'));
  t.notOk(open.mayReach('::1', '[::1]:8081'));
  t.notOk(open.mayReach('::1', '[::1]'), 'a listed port says nothing of the others');
  t.notOk(open.mayReach('10.0.0.7', 'other.lan'));
  t.notOk(open.mayReach('no address', 'media.lan'));
});

t.test('every refusal has a sentence, and none of them tells an address', async (t) => {
  for (const [code, sentence] of Object.entries(streamSentences)) {
    t.match(sentence, /^[A-Z].*\.$/, code);
    t.notMatch(sentence, /\d+\.\d+\.\d+|::/, code);
  }
  const cause = new Error('connect ECONNREFUSED 10.0.0.1:80');
  const error = new StreamError('unreachable', cause);
  t.match(error, { name: 'StreamError', code: 'unreachable', message: streamSentences.unreachable, cause });
});
