import { isIP, isIPv6 } from 'node:net';
import { isPublic } from './addresses.ts';
import type { StreamCode } from './refusal.ts';

/** Where streams may come from. A stranger chooses the address, and this server stands inside a network that the stranger does not. */
export type Guard = {
  /** Why this address may not be asked, or null. Names pass here; what they resolve to is for {@link Guard.mayReach}. */
  judgeUrl(url: URL): StreamRefusal | null;
  /** Whether an address that DNS answered, or that a socket says it reached, may be spoken to. `host` is host or host:port. */
  mayReach(address: string, host: string): boolean;
};
export type StreamRefusal = Extract<StreamCode, 'bad_url' | 'bad_port' | 'private_address'>;

/** Longer ones are found in no playlist; signed addresses of the large CDNs stay below 2,500 characters. */
const URL_MAX_LENGTH = 8_192;
const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };
/** A name as DNS carries it. Empty labels are read differently by different resolvers. */
const NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;
/** Reserved for the inside of networks (RFC 6761, 6762, 8375, ICANN’s .internal), or in use there. */
const INSIDE = /(^|\.)(localhost|localdomain[46]?|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;

/** `allow` lists `host` or `host:port`: exempt from the rules of addresses and ports, never from that of schemes. Throws at what is neither. */
export function createGuard(allow: readonly string[]): Guard {
  const listed = new Set<string>();
  for (const entry of allow) {
    const place = readPlace(entry);
    if (!place) throw new Error(`“${entry}” is neither a host nor host:port.`);
    listed.add(place.port === null ? place.name : `${place.name} ${place.port}`);
  }
  const lists = (name: string, port: number | null): boolean => listed.has(name) || (port !== null && listed.has(`${name} ${port}`));

  return {
    judgeUrl(url) {
      const usual = DEFAULT_PORTS[url.protocol];
      if (usual === undefined || url.username !== '' || url.password !== '' || url.href.length > URL_MAX_LENGTH) return 'bad_url';
      const name = plain(url.hostname);
      const port = url.port === '' ? usual : Number(url.port);
      if (lists(name, port)) return null;
      if (isIP(name) > 0) {
        if (!isPublic(name)) return 'private_address';
      } else {
        if (!NAME.test(name)) return 'bad_url';
        // A name without a dot is this network’s own: a neighbour in compose.yaml, a machine of the search domain.
        if (!name.includes('.') || INSIDE.test(name)) return 'private_address';
      }
      return Object.values(DEFAULT_PORTS).includes(port) ? null : 'bad_port';
    },
    mayReach(address, host) {
      if (isPublic(address)) return true;
      const place = readPlace(host);
      return isIP(address) > 0 && place !== null && lists(place.name, place.port);
    },
  };
}

/** Host or host:port in any spelling that a URL may have; IPv6 alone also without brackets. */
function readPlace(text: string): { name: string; port: number | null } | null {
  const [, host, port] = isIPv6(text) ? [text, `[${text}]`] : (text.match(/^(\[[^[\]]+\]|[^:/?#@\\\s[\]]+)(?::(\d{1,5}))?$/) ?? []);
  const url = host === undefined ? null : URL.parse(`http://${host}`);
  const name = url ? plain(url.hostname) : '';
  if ((isIP(name) === 0 && !NAME.test(name)) || Number(port ?? 0) > 65_535) return null;
  return { name, port: port === undefined ? null : Number(port) };
}

/** A host name as URL writes it, without brackets and without the dot that ends a full name. */
function plain(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
