import type { Random } from '../../../test/faults/random.ts';
import { closedFours, closedNames, closedSixes, openNames } from './addresses.ts';
import { dresses, type Four, fours, PLAIN_DRESSES, plainFours, type Six, sixes } from './spellings.ts';

/** URLs that nobody thought of: addresses of all kinds, most of them next to where a range begins or ends, in any spelling and dress. */
export function generate(random: Random): string {
  const text = pickDress(random)(pickHost(random));
  return random.chance(0.02) ? damage(text, random) : text;
}

function pickDress(random: Random): (host: string) => string {
  const kind = random.next();
  return random.pick(kind < 0.6 ? plainDresses : kind < 0.92 ? sameDresses : dresses);
}

const plainDresses = dresses.slice(0, 2);
const sameDresses = dresses.slice(0, PLAIN_DRESSES);

function pickHost(random: Random): string {
  const kind = random.next();
  if (kind < 0.5) return random.pick(random.chance(0.8) ? plainFours : fours)(pickFour(random));
  if (kind < 0.85) return (random.chance(0.9) ? random.pick(readableSixes) : random.pick(sixes))(pickSix(random));
  return pickName(random);
}

const readableSixes = sixes.slice(0, 5);

function pickFour(random: Random): Four {
  const kind = random.next();
  if (kind < 0.1) return random.pick(closedFours);
  const at = kind < 0.4 ? random.between(0, 2 ** 32 - 1) : near(random, random.pick(fourEdges), random.chance(0.5) ? 2 : 70_000);
  return [at >>> 24, (at >>> 16) & 255, (at >>> 8) & 255, at & 255];
}

function near(random: Random, edge: number, reach: number): number {
  return Math.min(2 ** 32 - 1, Math.max(0, edge + random.between(-reach, reach)));
}

/** First and last address of every range that anybody calls special. */
const fourEdges = [
  '0/8', '10/8', '100.64/10', '127/8', '169.254/16', '172.16/12', '192.0.0/24', '192.0.0.0/29', '192.0.0.8/31', '192.0.0.170/31', '192.0.2/24', '192.31.196/24', '192.52.193/24', '192.88.99/24', '192.168/16', '192.175.48/24', '198.18/15', '198.51.100/24', '203.0.113/24', '224/4', '240/4',
].flatMap((range) => {
  const [parts = '', bits] = range.split('/');
  const [a = 0, b = 0, c = 0, d = 0] = parts.split('.').map(Number);
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return [first, first + 2 ** (32 - Number(bits)) - 1];
});

function pickSix(random: Random): Six {
  const kind = random.next();
  if (kind < 0.1) return random.pick(closedSixes);
  const six = Array.from({ length: 8 }, () => random.between(0, 0xffff));
  if (kind < 0.3) six[0] = random.between(0x2000, 0x3fff);
  else if (kind < 0.9) random.pick(sixHeads).forEach((part, at) => { six[at] = part; });
  if (random.chance(0.15)) six.splice(4, 2, random.pick([0, 0x200, 0x100, 0x5efe]), 0x5efe);
  if (random.chance(0.3)) six.fill(0, random.between(1, 4), random.between(5, 7));
  // One up or down from where a prefix begins.
  if (random.chance(0.3)) six[random.between(0, 2)] = Math.max(0, Math.min(0xffff, (six[0] ?? 0) + random.between(-1, 1)));
  return six;
}

const sixHeads: readonly Six[] = [
  [0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0xffff], [0, 0, 0, 0, 0xffff, 0], [0x64, 0xff9b, 0, 0, 0, 0], [0x64, 0xff9b, 1], [0x100, 0, 0, 0], [0x1fff, 0xffff], [0x2000, 0], [0x2001, 0], [0x2001, 1, 0, 0, 0, 0, 0], [0x2001, 2, 0], [0x2001, 3], [0x2001, 4, 0x112], [0x2001, 0x20], [0x2001, 0x30], [0x2001, 0x1ff], [0x2001, 0x200],
  [0x2001, 0xdb7], [0x2001, 0xdb8], [0x2001, 0xdb9], [0x2002], [0x2001, 0xffff], [0x2003], [0x2606, 0x4700], [0x2620, 0x4f, 0x7fff], [0x2620, 0x4f, 0x8000], [0x2620, 0x4f, 0x8001], [0x3ffe], [0x3fff, 0], [0x3fff, 0xfff], [0x3fff, 0x1000], [0x4000], [0x5f00], [0xfbff], [0xfc00], [0xfd00, 0xec2], [0xfdff], [0xfe7f], [0xfe80], [0xfebf], [0xfec0], [0xfeff], [0xff00], [0xff02], [0xffff],
];

function pickName(random: Random): string {
  if (random.chance(0.2)) return random.pick(random.chance(0.5) ? closedNames : openNames);
  const labels = Array.from({ length: random.between(0, 3) }, () => label(random));
  const name = [...labels, random.pick(ends)].join(random.chance(0.05) ? random.pick(['..', '。', '．', '%2e', '-.', '._']) : '.');
  const cased = random.chance(0.2) ? Array.from(name, (letter) => (random.chance(0.5) ? letter.toUpperCase() : letter)).join('') : name;
  return `${cased}${random.chance(0.15) ? random.pick(['.', '..', '。', '%2E', ':80', ':443', ':8080', ':']) : ''}`;
}

const ends = ['com', 'net', 'example', 'kr', 'xn--3e0b707e', 'co.uk', 'localhost', 'localdomain', 'local', 'internal', 'intranet', 'lan', 'home', 'corp', 'private', 'home.arpa', 'arpa', 'locals', 'mylocal', 'lan1', 'internal-x', 'localhost.com', '0x7f', '1', '127', '08', '0xg', 'x1'];

function label(random: Random): string {
  const kind = random.next();
  if (kind < 0.7) return random.token(random.between(1, 12));
  if (kind < 0.8) return `${random.between(0, 300)}`;
  if (kind < 0.85) return 'a'.repeat(random.between(55, 70));
  return random.pick(['xn--9m1bo9n', '방송', 'ß', 'İ', '１２７', 'ⓛⓞⓒⓐⓛ', 'a\u00adb', '𝓵ocal', 'localhost', 'www', '_hls', '-a', 'a-', 'a*', 'a+b', '~', 'x'.repeat(63)]);
}

/** One letter put in, taken out or replaced. */
function damage(text: string, random: Random): string {
  const at = random.between(0, text.length);
  return text.slice(0, at) + (random.chance(0.6) ? random.pick(signs) : '') + text.slice(at + (random.chance(0.6) ? 1 : 0));
}

const signs = [...'.:/\\@#?%[]{}|^`<>"\'*+-_~!$&(),;= \t\n\r0x7f', '%00', '%2f', '%5c', '%40', '\u200b', '\u3002', '\uff0e', '\u2024', '\u00ad', '\ud83d', '::', '//'];
