import type { Random } from '../../../test/faults/random.ts';
import { ADDRESSES, HOSTILE, WORDS } from './grammar.ts';

type Mutation = (text: string, random: Random) => string;

/** What a broken or a hostile origin would change: a few things at once, so that many still pass. */
export function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let i = random.between(1, 3); i > 0; i -= 1) mutated = random.pick(MUTATIONS)(mutated, random);
  return mutated;
}

const SMUGGLED = ['"', '""', ',', '=', '\r', '\n', '\r\n', '\u2028', '\u2029', '\x85', '\0', '\t', ' ', '\ufeff', '\ud800', '\\', '{$', '}', '#', '#EXT', '\n#EXT-X-KEY:METHOD=AES-128,URI="data:,x"\n', '",URI="https://evil.example/', '\nhttps://evil.example/x\n', '%0A'];
const NUMBERS = ['0', '-1', '4294967295', '9007199254740993', '18446744073709551616', '9'.repeat(400), '1e309', '0x10', '.5', '5.', 'NaN', '00'];

const MUTATIONS: readonly Mutation[] = [
  function flipByte(text, random) {
    const at = random.between(0, text.length - 1);
    return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << random.between(0, 6))) + text.slice(at + 1);
  },
  function smuggle(text, random) {
    const at = random.between(0, text.length);
    return text.slice(0, at) + random.pick(SMUGGLED) + text.slice(at);
  },
  function insertAddress(text, random) {
    const at = random.between(0, text.length);
    return text.slice(0, at) + random.pick(random.pick([WORDS, ADDRESSES, HOSTILE])) + text.slice(at);
  },
  function replaceAddress(text, random) {
    const hostile = random.pick(random.pick([ADDRESSES, HOSTILE]));
    return replaceOne(text, /URI="[^"]*"|^[^#\s].*$/gm, random, (found) => (found.startsWith('URI') ? `URI="${hostile}"` : hostile));
  },
  (text, random) => replaceOne(text, /\d+(\.\d+)?/g, random, () => random.pick(NUMBERS)),
  (text, random) => replaceOne(text, /[A-Z0-9-]+=(?:"[^"]*"|[^",\s]*)/g, random, (found) => `${found},${found}`),
  (text, random) => replaceOne(text, /[A-Z0-9-]+=(?:"[^"]*"|[^",\s]*),?/g, random, () => ''),
  (text, random) => replaceOne(text, /"[^"]*"/g, random, () => `"${random.pick(WORDS)}"`),
  (text, random) => replaceOne(text, /#EXT[A-Z-]*/g, random, (found) => random.pick([found.toLowerCase(), `${found}S`, `${found}:`, '#EXT-X-NEW', `#${found}`])),
  function swapLines(text, random) {
    const lines = text.split('\n');
    const [a, b] = [random.between(0, lines.length - 1), random.between(0, lines.length - 1)];
    [lines[a], lines[b]] = [lines[b] as string, lines[a] as string];
    return lines.join('\n');
  },
  function doubleLine(text, random) {
    const lines = text.split('\n');
    const at = random.between(0, lines.length - 1);
    return [...lines.slice(0, at + 1), ...lines.slice(at)].join('\n');
  },
  function dropLine(text, random) {
    const lines = text.split('\n');
    lines.splice(random.between(0, lines.length - 1), 1);
    return lines.join('\n');
  },
  (text, random) => text.slice(0, random.between(0, text.length)),
];

function replaceOne(text: string, form: RegExp, random: Random, make: (found: string) => string): string {
  const all = [...text.matchAll(form)];
  if (all.length === 0) return text;
  const { 0: found, index } = random.pick(all);
  return text.slice(0, index) + make(found) + text.slice(index + found.length);
}
