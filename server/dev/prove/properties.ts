import fc from 'fast-check';
import { sweep } from '../../test/protocol/code-points.ts';
import { impostor, isCaught } from '../../test/protocol/impostors.ts';
import { type Property, properties } from '../../test/protocol/properties.ts';
import { holdsOne } from '../../../widget/test/net/link.story.ts';
import { keepsWords } from '../../../widget/test/state/outbox.story.ts';
import { converges } from '../../../widget/test/state/room.story.ts';
import type { Asked, Result } from '../proofs.ts';

const RUNS = 100_000;

/** Everything said of parsers, words and names for any input, many times over; a failure is told with what replays it. */
export async function prove({ share, seed, say }: Asked): Promise<Result> {
  const numRuns = Math.max(1, Math.round(RUNS * share));
  const failures: string[] = [];
  let count = 0;
  const all = [...properties, disguise, ...widget];
  for (const { name, holds } of all) {
    const details = fc.check(holds, { numRuns, seed });
    count += details.numRuns;
    if (details.failed) failures.push(name);
    say(details.failed ? `${name}: no\n${fc.defaultReportMessage(details)}` : `${name}: ${details.numRuns} runs`);
    // Between two properties others may have their turn.
    await new Promise(setImmediate);
  }
  const { tried, wrong } = sweep(4);
  if (wrong.length > 0) failures.push(...wrong.map((one) => `code point ${one}`));
  say(`every code point in four places of a nickname: ${tried} tried, ${wrong.length} wrongly accepted`);
  count += tried;
  const held = all.length - failures.length;
  return { ok: failures.length === 0, count, figure: failures.length === 0 ? `${held} properties held, ${numRuns} runs each; ${tried} nicknames swept` : `broken: ${failures.join('; ')}` };
}

const disguise: Property = { name: 'no disguise of a house name gets through', holds: fc.property(impostor, isCaught) };

const widget: Property[] = [
  { name: 'at most one socket and one timer, ever', holds: holdsOne },
  { name: 'snapshot, frames and pages make a fresh snapshot in any order', holds: converges },
  { name: 'words in the outbox are never lost and never stand twice', holds: keepsWords },
];
