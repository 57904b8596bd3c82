/**
 * Where Python calls an address public and we do not, and why. There is no list for the other way round: what Python does not
 * call public is never asked. Ranges are networks, or value/mask where a prefix does not say it.
 */
export const differences: Record<string, { ranges: readonly string[]; why: string }> = {
  'protocol assignments': { ranges: ['192.0.0.0/24'], why: 'Python closes a part of it, a newer one all but two anycast addresses; nobody streams from any of it' },
  '6to4 relays': { ranges: ['192.88.99.0/24'], why: 'IANA’s registry withdrew it (RFC 7526) and Python knows nothing of it; whatever still answers there unpacks IPv4 from IPv6' },
  AS112: { ranges: ['192.31.196.0/24', '192.175.48.0/24', '2620:4f:8000::/48'], why: 'global by the registry, but any network may answer it itself (RFC 7534, 7535)' },
  AMT: { ranges: ['192.52.193.0/24'], why: 'global by the registry, but a relay of multicast that any network may answer itself (RFC 7450)' },
  'IETF assignments': { ranges: ['2001::/23'], why: 'newer Pythons follow the registry into it and open ORCHID, drone identifiers and anycast; no host that streams has such an address' },
  'new documentation': { ranges: ['3fff::/20'], why: 'RFC 9637 is of 2024, and Python learnt of it later' },
  ISATAP: { ranges: ['::5efe:0:0/::fdff:ffff:0:0'], why: 'Python looks at prefixes only; a router may unpack the IPv4 address that stands at the end (RFC 5214)' },
};
