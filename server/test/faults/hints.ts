import type { Passage } from './barrier.ts';
import type { Random } from './random.ts';

/** Which share of hints is lost, comes twice, or comes late and so out of order. */
export type Mischief = { lost: number; doubled: number; reordered: number };

const LATE_MS: readonly [number, number] = [1, 150];
const HINT = /^[>*]\d\r\n\$8\r\nsmessage\r\n\$\d+\r\naside\nroom\n/;
const HINT_HEAD = 64;

/** Between Redis and a server: whole answers, of which those that are hints of rooms meet what is asked. `done` counts what was done. */
export function createHintShim(asked: Mischief, done: Mischief, random: Random): Passage {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk, send) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (let end = findEnd(rest, 0); end > 0; end = findEnd(rest, 0)) {
      const value = Buffer.from(rest.subarray(0, end));
      rest = rest.subarray(end);
      if (!HINT.test(value.toString('latin1', 0, HINT_HEAD))) send(value);
      else meddle(value, send);
    }
  };

  function meddle(value: Buffer, send: (bytes: Buffer) => void): void {
    if (random.chance(asked.lost)) return void (done.lost += 1);
    if (random.chance(asked.reordered)) {
      done.reordered += 1;
      return void setTimeout(send, random.between(...LATE_MS), value);
    }
    send(value);
    if (!random.chance(asked.doubled)) return;
    done.doubled += 1;
    send(value);
  }
}

/** Where the value of RESP that begins at `at` ends, or -1 when it is not all there. */
export function findEnd(bytes: Buffer, at: number): number {
  const line = bytes.indexOf('\r\n', at);
  if (line < 0) return -1;
  const end = line + 2;
  const kind = String.fromCharCode(bytes[at] ?? 0);
  const count = Number(bytes.toString('latin1', at + 1, line));
  if ('$!='.includes(kind)) return count < 0 ? end : end + count + 2 <= bytes.length ? end + count + 2 : -1;
  if (!'*>~%|'.includes(kind)) return end;
  // A map has two values an entry, and what an attribute belongs to follows it.
  const values = count * (kind === '%' || kind === '|' ? 2 : 1) + (kind === '|' ? 1 : 0);
  let next = end;
  for (let i = 0; i < values && next > 0; i += 1) next = findEnd(bytes, next);
  return next;
}
