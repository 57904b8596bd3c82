import type { Random } from '../../faults/random.ts';
import { checkText } from '../../../src/protocol/index.ts';
import { kinds } from './kinds.ts';
import type { Sink } from './sinks.ts';

/** Words that become code, or ask `home` for something, where a page lets them. */
export type Payload = {
  /** It stands in the text in plain digits, and comes back when it runs. */
  id: number;
  kind: keyof typeof kinds;
  text: string;
  /** Where the control page puts it. */
  sink: Sink;
  /** Runs when a hand touches it, not by itself. */
  touched: boolean;
};
export type Drawn = { text: string; sink: Sink; touched?: boolean };
export type Kind = (random: Random, id: number, home: string) => Drawn;

/** `count` payloads of all kinds in turn, no two alike when digits are left out; each may be said as it is. */
export function drawPayloads(count: number, random: Random, home: string): Payload[] {
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const payloads: Payload[] = [];
  const known = new Set<string>();
  for (let i = 0; payloads.length < count; i += 1) {
    const kind = names[i % names.length] ?? 'script';
    const id = payloads.length + 1;
    const drawn: Drawn = kinds[kind](random, id, home);
    const { text: raw, sink, touched = false } = drawn;
    const said = checkText(raw);
    if (!said.ok || known.has(withoutDigits(said.value))) continue;
    const text = said.value;
    known.add(withoutDigits(text));
    payloads.push({ id, kind, text, sink, touched });
  }
  return payloads;
}

export function withoutDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, '');
}
