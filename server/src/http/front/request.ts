import { readsGzip } from '../compress.ts';

/** A request of the one form that is answered here. `name`: the same for all who are given the same bytes. */
export type Plain = { url: string; name: string; zips: boolean; sandboxed: boolean };

/** Whole, nothing behind it, and every line as the specification writes it: what is read in two ways is read here in none. */
const FORM = /^GET (\/stream\/[\w-]{16}\/[a-z]+\/[!-~]+) HTTP\/1\.1((?:\r\n[!#$%&'*+\-.^_`|~\w]+:[\t -~\x80-\xff]*)*)\r\n\r\n$/;
/** Whoever says any of these wants more than the bytes, or says that more follows. */
const OTHER = /\n(?:range|if-|content-length|transfer-encoding|upgrade|expect|trailer|connection:(?![\t ]*keep-alive[\t ]*(?:\r|$)))/i;
const ACCEPTED = /\naccept-encoding:([^\r]*)/i;
const SANDBOXED = /\norigin:[\t ]*null[\t ]*(?:\r|$)/i;

/** Null for everything else: for pieces of a request, two in a row, and all that Node's own parser is to judge. */
export function read(bytes: Buffer, length: number): Plain | null {
  const [, url, lines = ''] = FORM.exec(bytes.toString('latin1', 0, length)) ?? [];
  if (url === undefined || OTHER.test(lines)) return null;
  const zips = url.includes('/playlist/') && readsGzip(ACCEPTED.exec(lines)?.[1]);
  const sandboxed = SANDBOXED.test(lines);
  return { url, name: `${zips ? 'z' : ''}${sandboxed ? 's' : ''} ${url}`, zips, sandboxed };
}
