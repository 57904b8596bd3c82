/** A request of the one form that is answered here. `name`: the same for all who are given the same bytes. */
export type Plain = { url: string; name: string; zips: boolean; sandboxed: boolean };

const LINE = /^GET (\/stream\/[\w-]{16}\/[a-z]+\/[!-~]+) HTTP\/1\.1\r\n/;
/** Whoever says any of these wants more than the bytes, or says that more follows. */
const OTHER = /\n(?:range|if-\S+|content-length|transfer-encoding|upgrade|expect|connection\s*:(?!\s*keep-alive\s*\r))/i;
const ZIPS = /\naccept-encoding\s*:[^\n]*\bgzip\b(?!\s*;\s*q=0)/i;
const SANDBOXED = /\norigin\s*:\s*null\s*\r/i;

/** Null for everything else: for pieces of a request, two in a row, and all that Node's own parser is to judge. */
export function read(bytes: Buffer, length: number): Plain | null {
  const text = bytes.toString('latin1', 0, length);
  if (!text.endsWith('\r\n\r\n') || text.indexOf('\r\n\r\n') !== length - 4) return null;
  const url = LINE.exec(text)?.[1];
  if (url === undefined || OTHER.test(text)) return null;
  const zips = url.includes('/playlist/') && ZIPS.test(text);
  const sandboxed = SANDBOXED.test(text);
  return { url, name: `${zips ? 'z' : ''}${sandboxed ? 's' : ''} ${url}`, zips, sandboxed };
}
