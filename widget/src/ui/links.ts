/** Text as pieces: plain, or a link of http(s). Everything else stays text, whatever it looks like. */
export type Piece = { text: string; href?: string };

/**
 * ASCII only: a Korean particle stands right behind an address (…/aside에), and addresses are copied percent-encoded.
 * It ends in a letter, a slash or a bracket it opened, for what ends a sentence does not belong to it.
 */
const address = /https?:\/\/(?:[\w\-.~:/?#@!$&'*+,;=%]|\([\w\-.~%]*\))*(?:[\w\-/#$&=%]|\([\w\-.~%]*\))/gi;

export function findLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: href, index } of text.matchAll(address)) {
    pieces.push({ text: text.slice(end, index) }, { text: tell(href), href });
    end = index + href.length;
  }
  return [...pieces, { text: text.slice(end) }];
}

/** Addresses of Korean pages are copied percent-encoded; a reader reads them decoded. Nothing but Hangul is, for other letters can pass for ours. */
function tell(href: string): string {
  return href.replace(/(?:%[\da-f]{2})+/gi, (bytes) => {
    try {
      const text = decodeURIComponent(bytes);
      return /^[가-힣]+$/.test(text) ? text : bytes;
    } catch {
      return bytes;
    }
  });
}
