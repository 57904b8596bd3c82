/** Names that only the house may carry. */
export const houseNames = [
  'admin', 'administrator', 'moderator', 'mod', 'owner', 'system', 'operator', 'staff', 'aside', 'author',
  '관리자', '운영자', '운영진', '모더레이터', '시스템', '글쓴이', '방장',
] as const;

/** Signs that pass for a letter: other alphabets, small capitals, digits. Marks, widths and styles fall away by NFKD before. */
// Pure, so that a bundle which checks no names carries no tables.
export const lookalikes: Readonly<Record<string, string>> = /* @__PURE__ */ invert({
  a: 'аαɑ@4ᴀꭺꓮ', b: 'ьвʙ', c: 'сϲᴄ', d: 'ԁɗᴅꭰꓓđ', e: 'еє3εᴇꭼҽꓰ', f: 'ꜰƒꓝ', g: 'ɡɢ', h: 'һнʜհꮋꓧ', i: 'іι1l!|ӏıɪʟꭵꓲ', j: 'јᴊ', k: 'кκᴋ',
  m: 'мᴍμϻꮇꓟ', n: 'ոпηɴꓠ', o: 'оο0օᴏøꓳ', p: 'рρᴘꮲꓑ', r: 'гᴦʀꮢꓣ', s: 'ѕ5$ꜱꮪꓢ', t: 'тτ7ᴛꭲꓔ', u: 'υսцᴜꓴ', v: 'ѵνᴠ', w: 'ԝωᴡꮃꓪ', x: 'хχ', y: 'уγʏꓬ', z: 'ᴢ',
});

/** Greek capitals that look like another letter than their small form does. */
export const capitals: Readonly<Record<string, string>> = /* @__PURE__ */ invert({ h: 'Η', n: 'Ν', y: 'Υ', b: 'Β' });

/** Letters in circles and boxes, flags' letters among them: symbols to Unicode, letters to the eye. */
const boxed = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu;

const reserved = /* @__PURE__ */ reserve();

/** Whether the eye could take this name for one of the house. */
export function passesForHouse(nick: string): boolean {
  return reserved.has(skeletonOf(nick));
}

/** What the eye sees: width, case, marks, blanks and the usual look-alike letters taken away. */
function skeletonOf(nick: string): string {
  const plain = nick.normalize('NFKD').replace(boxed, unbox).replace(/[^\p{L}\p{N}|!@$]/gu, '');
  const seen = [...plain].map((letter) => capitals[letter] ?? letter.toLowerCase()).join('');
  return [...seen].map((letter) => lookalikes[letter] ?? letter).join('').replaceAll('rn', 'm').replaceAll('vv', 'w');
}

function unbox(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const start = code < 0x1f170 ? 0x1f150 : code < 0x1f1e6 ? 0x1f170 : 0x1f1e6;
  return String.fromCharCode(97 + code - start);
}

function reserve(): Set<string> {
  return new Set(houseNames.map(skeletonOf));
}

function invert(table: Record<string, string>): Record<string, string> {
  const inverted: Record<string, string> = Object.create(null);
  for (const [latin, others] of Object.entries(table)) for (const other of others) inverted[other] = latin;
  return inverted;
}
