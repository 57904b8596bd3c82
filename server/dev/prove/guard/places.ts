/** What stands where in the network of the tries. */

/** A stranger's own host, which everybody may ask; the dead one takes no connections. */
export const PUBLIC = '93.184.216.34';
export const PUBLIC_SIX = '2606:2800:220:1::34';
export const DEAD = '93.184.216.35';
/** A host that the operator lists though it stands inside. */
export const LISTED = { address: '127.0.0.1', port: 8_080 };

/** Where somebody listens who must never be asked: this machine, clouds’ metadata, a home, a company, a carrier. */
export const TRAPS_FOUR = ['127.0.0.1', '127.0.0.53', '169.254.169.254', '169.254.170.2', '10.0.0.1', '172.17.0.1', '192.168.1.1', '100.100.100.200', '198.18.0.1', '192.0.2.1', '192.88.99.1', '203.0.113.9'] as const;
export const TRAPS_SIX = ['::1', 'fd00:ec2::254', '2001:db8::1', '2002:7f00:1::1', '64:ff9b::7f00:1', '2001::1', '3fff::1', '2606:4700::5efe:7f00:1'] as const;
export const TRAP_PORTS = [80, 443, 6_379] as const;

export const FOURS = [PUBLIC, DEAD, ...TRAPS_FOUR.filter((address) => !address.startsWith('127.'))];
export const SIXES = [PUBLIC_SIX, ...TRAPS_SIX.filter((address) => address !== '::1')];
