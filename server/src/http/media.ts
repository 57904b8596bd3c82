/** What bytes are, by their beginning, whatever their origin says; null for what no player plays and a browser might run. */
export function typeOf(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (bytes[0] === 0x47) return 'video/mp2t';
  if (BOXES.has(text.slice(4, 8))) return 'video/mp4';
  if (text.startsWith('ID3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf0) === 0xf0)) return 'audio/aac';
  if (/^(?:\u00ef\u00bb\u00bf)?WEBVTT/.test(text)) return 'text/vtt; charset=utf-8';
  if (/^[\s\u00ef\u00bb\u00bf]*<(!doc|html|svg|\?xml|scri|head|body)/i.test(text)) return null;
  // Enciphered, or a key: nobody can tell by its beginning.
  return 'application/octet-stream';
}

const BOXES = new Set(['ftyp', 'styp', 'moof', 'moov', 'sidx', 'emsg', 'prft', 'mdat', 'free', 'skip']);

/** Of one range of bytes, its ends; null when there is nothing between them, undefined when all of it is meant. */
export function rangeOf(header: string, length: number): { from: number; to: number } | null | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header) ?? [];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  return from > to ? null : { from, to };
}
