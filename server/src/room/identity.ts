import { createHmac } from 'node:crypto';

/** Secret id of a browser → the ids others see of it, one per site. */
export type Identity = {
  /** The public id; `was` is the one under the secret before, while secrets are being changed. */
  publicId(site: string, anonymousId: string): { author: string; was?: string };
  /** A keyed hash of the network an address is of, for one site: of IPv4 the /24, of IPv6 the /48. */
  network(site: string, address: string): string;
};

/** `secrets`: the one in use first, then at most one it replaces. */
export function createIdentity(secrets: readonly string[]): Identity {
  const [now, before] = secrets;
  if (!now) throw new Error('An identity needs a secret');
  return {
    publicId(site, anonymousId) {
      const author = hash(now, site, anonymousId);
      return before === undefined ? { author } : { author, was: hash(before, site, anonymousId) };
    },
    network: (site, address) => createHmac('sha256', now).update(`network\0${site}\0${networkOf(address)}`).digest('base64url').slice(0, 22),
  };
}

/** Many share one behind a carrier's gateway: what is done to it must be mild. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (plain.includes('.')) return plain.split('.').slice(0, 3).join('.');
  const [head = ''] = plain.split('::');
  return [...head.split(':'), '0', '0', '0'].slice(0, 3).map((part) => Number.parseInt(part || '0', 16).toString(16)).join(':');
}

/** Lowercase base32 of the first 80 bits of HMAC-SHA256("aside1" ‖ 0 ‖ site ‖ 0 ‖ anonymousId). */
function hash(secret: string, site: string, anonymousId: string): string {
  const bytes = createHmac('sha256', secret).update(`aside1\0${site}\0${anonymousId}`).digest();
  let bits = 0n;
  for (const byte of bytes.subarray(0, 10)) bits = (bits << 8n) | BigInt(byte);
  let id = '';
  for (let shift = 75n; shift >= 0n; shift -= 5n) id += ALPHABET[Number((bits >> shift) & 31n)];
  return id;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
