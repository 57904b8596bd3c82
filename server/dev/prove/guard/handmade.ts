import { closedFours, closedNames, closedSixes, openFours, openNames, openSixes } from './addresses.ts';
import { dresses, fours, PLAIN_DRESSES, plainFours, sixes } from './spellings.ts';

/** URLs made by hand: every closed address in every spelling, each in several dresses, and open ones that must stay open. */
export type Made = { text: string; closed: boolean };

/** Dresses each spelling is tried in; which ones, its place in the list says, so that all of them take part. */
const DRESSES_EACH = 4;

export function makeByHand(): Made[] {
  const closed = [...closedFours.flatMap((four) => fours.map((spell) => spell(four))), ...closedSixes.flatMap((six) => sixes.map((spell) => spell(six))), ...closedNames];
  const open = [...openFours.flatMap((four) => plainFours.map((spell) => spell(four))), ...openSixes.flatMap((six) => sixes.slice(0, 5).map((spell) => spell(six))), ...openNames];
  const made = new Map<string, boolean>();
  for (const [at, host] of open.entries()) for (let i = 0; i < DRESSES_EACH; i += 1) made.set(dress(host, (at + i * 5) % PLAIN_DRESSES), false);
  for (const host of open) for (let i = PLAIN_DRESSES; i < dresses.length; i += 1) made.set(dress(host, i), true);
  for (const [at, host] of closed.entries()) for (let i = 0; i < DRESSES_EACH; i += 1) made.set(dress(host, (at + i * 7) % dresses.length), true);
  return Array.from(made, ([text, closed]) => ({ text, closed }));
}

function dress(host: string, at: number): string {
  return dresses[at]?.(host) ?? '';
}
