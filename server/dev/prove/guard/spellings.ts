/** How one address can be written so that a URL still finds it, and how a URL can be written around it. */
export type Four = readonly [number, number, number, number];
export type Six = readonly number[];
type Spell<T> = (address: T) => string;

const whole = ([a, b, c, d]: Four): number => ((a * 256 + b) * 256 + c) * 256 + d;
const hex = (part: number): string => `0x${part.toString(16)}`;
const octal = (part: number): string => `0${part.toString(8)}`;
const dotted = (four: Four): string => four.join('.');
const percent = (text: string): string => Array.from(text, (letter) => Array.from(Buffer.from(letter), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')).join('');
/** Each digit as the letter so many places after `zero`: what IDNA folds back. */
const digits = (text: string, zero: number): string => text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

/** Numbers of every base and number of parts, letters that fold to digits and dots, letters that vanish. */
export const fours: readonly Spell<Four>[] = [
  dotted,
  (four) => `${whole(four)}`,
  (four) => hex(whole(four)),
  (four) => hex(whole(four)).toUpperCase(),
  (four) => octal(whole(four)),
  (four) => `000000${octal(whole(four))}`,
  (four) => four.map(hex).join('.'),
  (four) => four.map(octal).join('.'),
  (four) => four.map((part) => `00000${octal(part)}`).join('.'),
  (four) => four.map((part) => `0x0000${part.toString(16)}`).join('.'),
  ([a, b, c, d]) => `${a}.${hex(b)}.${octal(c)}.${d}`,
  ([a, b, c, d]) => `${hex(a)}.${octal(b)}.${c * 256 + d}`,
  ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`,
  ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  ([a, b, c, d]) => `${octal(a)}.${hex((b * 256 + c) * 256 + d)}`,
  (four) => `${dotted(four)}.`,
  (four) => `${whole(four)}.`,
  (four) => percent(dotted(four)),
  (four) => dotted(four).replaceAll('.', '%2e'),
  (four) => dotted(four).replaceAll('.', '%E3%80%82'),
  (four) => digits(dotted(four), 0xff10),
  (four) => percent(digits(dotted(four), 0xff10)),
  (four) => digits(dotted(four), 0x1d7ce),
  (four) => digits(dotted(four), 0x1d7f6),
  (four) => digits(dotted(four), 0x1fbf0),
  (four) => dotted(four).replaceAll('.', '。'),
  (four) => dotted(four).replaceAll('.', '．'),
  (four) => dotted(four).replaceAll('.', '｡'),
  (four) => dotted(four).replaceAll('1', '¹').replaceAll('2', '②'),
  (four) => dotted(four).replaceAll('.', '\u00ad.\u200b'),
  (four) => `[::ffff:${dotted(four)}]`,
  (four) => `[::FFFF:${groups(four)}]`,
  (four) => `[0:0:0:0:0:ffff:${groups(four)}]`,
  (four) => `[::${dotted(four)}]`,
  (four) => `[::ffff:0:${dotted(four)}]`,
  (four) => `[64:ff9b::${dotted(four)}]`,
  (four) => `[64:ff9b:1::${groups(four)}]`,
  (four) => `[2002:${groups(four)}::1]`,
  (four) => `[2001::${groups(four)}]`,
  (four) => `[2606:4700::5efe:${dotted(four)}]`,
  (four) => `[2606:4700::200:5efe:${groups(four)}]`,
];
/** Those that mean an IPv4 address itself, and not one within IPv6. */
export const plainFours = fours.filter((spell) => !spell([1, 2, 3, 4]).startsWith('['));

function groups([a, b, c, d]: Four): string {
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

const long = (six: Six): string => six.map((part) => part.toString(16)).join(':');

export const sixes: readonly Spell<Six>[] = [
  (six) => `[${long(six)}]`,
  (six) => `[${six.map((part) => part.toString(16).padStart(4, '0')).join(':')}]`,
  (six) => `[${long(six).toUpperCase()}]`,
  (six) => `[${long(six).replace(/(^|:)0(:0)+(:|$)/, '::')}]`,
  (six) => `[${long(six.slice(0, 6))}:${six.slice(6).flatMap((part) => [part >> 8, part & 255]).join('.')}]`,
  (six) => `[${long(six)}%25lo]`,
  (six) => `[${long(six)}%lo]`,
  (six) => `[${long(six)}].`,
  (six) => long(six),
];

/** URLs around a host. The first are read as what they look like; the others try to look like another one. */
export const dresses: readonly ((host: string) => string)[] = [
  (host) => `http://${host}/`,
  (host) => `https://${host}/live/index.m3u8?a=b#c`,
  (host) => `HTTP://${host}`,
  (host) => `http:\\\\${host}\\live`,
  (host) => `http:/${host}/`,
  (host) => `http:${host}`,
  (host) => `http:///${host}/`,
  (host) => `http://${host}:80/`,
  (host) => `https://${host}:0443/`,
  (host) => `http://${host}?@cdn.example.com/`,
  (host) => `http://${host}#@cdn.example.com/`,
  (host) => `http://${host}\\@cdn.example.com/`,
  (host) => `http://@${host}/`,
  (host) => ` \u0001 http://${host}/ \u0000`,
  (host) => `ht\ntp:/\t/${host.slice(0, 2)}\r\n${host.slice(2)}/`,
  (host) => `http://cdn.example.com@${host}/`,
  (host) => `http://cdn.example.com:80@${host}/`,
  (host) => `http://cdn.example.com%2F@${host}:80/`,
  (host) => `http://${host}:8080/`,
  (host) => `http://${host}:0/`,
  (host) => `ftp://${host}/`,
  (host) => `gopher://${host}:80/_`,
];
/** Of those, the ones that change nothing of what is asked. */
export const PLAIN_DRESSES = 15;
