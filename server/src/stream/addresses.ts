import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether an address belongs to the public internet. What is not surely public is not: ranges nobody knows yet come out closed. */
export function isPublic(address: string): boolean {
  // ipaddr.js reads more spellings than sockets and resolvers write; Node’s own look comes first.
  switch (isIP(address)) {
    case 4: {
      const four = ipaddr.IPv4.parse(address);
      return !closedFour.some((range) => four.match(range));
    }
    case 6: {
      // A zone names one of this machine’s own links.
      if (address.includes('%')) return false;
      const six = ipaddr.IPv6.parse(address);
      return six.match(openSix) && !closedSix.some((range) => six.match(range)) && !isTunnelled(six);
    }
    default:
      return false;
  }
}

/** IANA’s registry of special IPv4 addresses, multicast and the reserved end; also those it calls global, for nobody streams from them. */
const closedFour = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24',
  '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
].map((range) => ipaddr.IPv4.parseCIDR(range));

/** All that IANA gives out as unicast. IPv4 in IPv6, NAT64, local and multicast addresses lie outside. */
const openSix = ipaddr.IPv6.parseCIDR('2000::/3');

/** Within it: protocol assignments with Teredo and ORCHID, documentation, 6to4, AS112. */
const closedSix = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'].map((range) => ipaddr.IPv6.parseCIDR(range));

/** ISATAP (RFC 5214): a router on the way may unpack the IPv4 address at the end, whatever the prefix. */
function isTunnelled({ parts }: ipaddr.IPv6): boolean {
  return (parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe;
}
