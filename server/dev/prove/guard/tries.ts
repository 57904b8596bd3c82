import type { Random } from '../../../test/faults/random.ts';
import { readFour } from './addresses.ts';
import { sendOn } from './attacker.ts';
import { type Answers, ZONE } from './names.ts';
import { DEAD, LISTED, PUBLIC, PUBLIC_SIX, TRAPS_FOUR, TRAPS_SIX } from './places.ts';
import { dresses, plainFours, PLAIN_DRESSES, sixes } from './spellings.ts';

/**
 * One way to a trap. `turns`: into it falls even who looks the name up and judges it, and then connects by the name.
 * `answers` belong to names under which the address is asked; each run of a try has its own.
 */
export type Try = { kind: string; turns: boolean; listed: boolean; address(own: string): string; answers: Answers | null };

export function drawTries(count: number, random: Random): Try[] {
  const each = Math.ceil(count / 2 / Object.keys(rebindings).length);
  const names = Object.entries(rebindings).flatMap(([kind, draw]) => Array.from({ length: each }, () => ({ kind, listed: false, ...draw(random) })));
  const chains = Array.from({ length: Math.max(1, count - names.length) }, () => drawChain(random));
  return random.shuffle([...names, ...chains]);
}

/** Up to three hosts that send on, the last of them to a trap in one of its spellings. */
function drawChain(random: Random): Try {
  const listed = random.chance(0.5);
  const hops = random.between(1, 3);
  const home = listed ? `${LISTED.address}:${LISTED.port}` : '';
  let to = drawTrap(random);
  for (let left = hops; left > 0; left -= 1) {
    const path = sendOn(random.pick([301, 302, 303, 307, 308]), to);
    // The first is what a stranger writes, the others may be told shortly.
    to = left === 1 ? `http://${home || random.pick([PUBLIC, `[${PUBLIC_SIX}]`])}${path}` : random.pick([path, `http://${home || PUBLIC}${path}`, `//${home || PUBLIC}${path}`]);
  }
  return { kind: `${hops} redirects`, turns: false, listed, address: () => to, answers: null };
}

/** Redirected to, so without letters that no header carries. */
function drawTrap(random: Random): string {
  for (;;) {
    const host = random.chance(0.65) ? random.pick(plainFours)(readFour(random.pick(TRAPS_FOUR)))
      : random.chance(0.7) ? random.pick(sixes.slice(0, 5))(expand(random.pick(TRAPS_SIX)))
        : random.pick(['localhost', 'LOCALHOST', 'ｌｏｃａｌｈｏｓｔ', 'loc%61lhost', '0', '0x0', '0.0.0.0', '[::ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]', '127.0.0.1:6379', '[::1]:6379', '10.0.0.1:443']);
    const text = random.pick(random.chance(0.5) ? dresses.slice(0, 2) : [...dresses.slice(0, PLAIN_DRESSES), ...dresses.slice(PLAIN_DRESSES, PLAIN_DRESSES + 3)])(host);
    const url = /[\0-\x1f]/.test(text) ? null : URL.parse(text);
    // Without a scheme’s slashes the text is relative to where it is told.
    if (url && !/^http:\/?[^/\\]/.test(text)) return text;
  }
}

function expand(address: string): number[] {
  const [left = [], right = []] = address.split('::').map((half) => half.split(':').filter(Boolean).map((part) => Number.parseInt(part, 16)));
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

type Drawn = Omit<Try, 'kind' | 'listed'>;

const rebindings: Record<string, (random: Random) => Drawn> = {
  'a private name': (random) => named({ A: [[trapFour(random)]], AAAA: [[]] }),
  'a private name, IPv6': (random) => named({ A: [[]], AAAA: [[trapSix(random)]] }),
  'an alias of something private': (random) => named({ A: [[trapFour(random)]], AAAA: [[]], alias: true }),
  'no address at all': () => named({ A: [['0.0.0.0']], AAAA: [[]] }),
  'one public address that is dead, and a private one': (random) => named({ A: [random.shuffle([DEAD, trapFour(random)])], AAAA: [[]] }),
  'public, private beside it as IPv6': (random) => named({ A: [[DEAD]], AAAA: [[random.pick([trapSix(random), '::ffff:127.0.0.1', '::ffff:169.254.169.254'])]] }),
  'public when looked up, then private': (random) => turning({ A: [[PUBLIC], [trapFour(random)]], AAAA: [[]] }, true),
  'public twice, then private': (random) => turning({ A: [[PUBLIC], [PUBLIC], [trapFour(random)]], AAAA: [[]] }, false),
  'public when looked up, then private as IPv6': (random) => turning({ A: [[PUBLIC], []], AAAA: [[PUBLIC_SIX], [trapSix(random)]] }, true),
  'a redirect to a private name': (random) => ({ turns: false, address: (own) => `http://${PUBLIC}${sendOn(302, `http://${own}/`)}`, answers: { A: [[trapFour(random)]], AAAA: [[]] } }),
};

function named(answers: Answers): Drawn {
  return { turns: false, address: (own) => `http://${own}/live.m3u8`, answers };
}

/** Sends on to itself, so that the name is asked for again and again. */
function turning(answers: Answers, turns: boolean): Drawn {
  return { turns, address: (own) => `http://${own}${sendOn(302, sendOn(307, sendOn(301, '/live.m3u8')))}`, answers };
}

const trapFour = (random: Random): string => random.pick(TRAPS_FOUR);
const trapSix = (random: Random): string => random.pick(TRAPS_SIX);

export const nameOf = (run: string, at: number): string => `${run}${at}.${ZONE}`;
