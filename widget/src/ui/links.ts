/** Text as pieces: plain, or a link of http(s). Everything else stays text, whatever it looks like. */
export type Piece = { text: string; href?: string };

/** ASCII only: a Korean particle stands right behind an address (…/aside에), and addresses are copied percent-encoded. */
const address = /https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/gi;
const LINKS_MAX = 50;

export function findLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const href = dropTail(match[0]);
    if (pieces.length > 2 * LINKS_MAX || !URL.canParse(href)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: href, href });
    end = match.index + href.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** What ends a sentence does not end an address; a bracket does when the address opened it. */
function dropTail(found: string): string {
  let href = found;
  for (;;) {
    const shorter = href.replace(/[.,;:!?'*_~]+$/, '');
    const closes = shorter.endsWith(')') && shorter.split('(').length < shorter.split(')').length;
    const next = closes || shorter.endsWith(']') ? shorter.slice(0, -1) : shorter;
    if (next === href) return href;
    href = next;
  }
}
