import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { takeLooks } from '../../test/browser/looks.ts';
import { openStage, type Stage } from '../../test/browser/stage.ts';
import { areApart, crash, measureSides, medianOf, reload, SEND_MAX_MS, timeSends, UNHARMED } from '../../test/browser/talk.ts';
import type { Asked, Result } from '../proofs.ts';

const SENDS = 10;
const SENDS_AT_LEAST = 3;

/** The promise: two strangers on a blog of another site pick a name, talk and see each other, whatever happens to the server. */
export async function prove({ share, clock, say }: Asked): Promise<Result> {
  const stage = await openStage();
  try {
    const count = Math.max(SENDS_AT_LEAST, Math.round(SENDS * share));
    const { spans, faults } = await meet(stage, count, say);
    const median = medianOf(spans);
    if (clock && median > SEND_MAX_MS) faults.push(`the median of ${median} ms is over ${SEND_MAX_MS} ms`);
    for (const fault of faults) say(fault);
    if (share === 1) say(`pictures to look at: ${await look(stage)}`);
    const figure = `median ${median} ms from Enter to the other screen (${Math.min(...spans)}–${Math.max(...spans)}, ${count} sends), killed and restarted in mid-word: arrived once`;
    return { ok: faults.length === 0, count, figure: faults.length === 0 ? figure : `${faults.length} of the line's parts do not hold (${faults[0]}); median ${median} ms` };
  } finally {
    await stage.close();
  }
}

async function meet(stage: Stage, count: number, say: (line: string) => void): Promise<{ spans: number[]; faults: string[] }> {
  const faults: string[] = [];
  const expect = (holds: boolean, otherwise: string): void => {
    if (!holds) faults.push(otherwise);
  };
  const [anna, ben] = await Promise.all([stage.visit('hangul-lines'), stage.visit('hangul-lines')]);
  await anna.takeName('졸린 여우');
  await ben.takeName();
  const spans = await timeSends(anna, ben, count);
  say(`Enter to the other screen: ${spans.join(', ')} ms`);
  await ben.say('잘 보여요');
  await anna.untilDrawn('잘 보여요');
  for (const reader of [anna, ben]) {
    const sides = await measureSides(reader);
    expect(areApart(sides), `own and others' words are not apart: ${JSON.stringify(sides)}`);
    const { before, after } = await reload(reader);
    expect(before === after, `a reload changed ${before} to ${after}`);
    expect(reader.watch.errors.length === 0, `errors in the browser: ${reader.watch.errors.join('; ')}`);
    expect((await reader.watch.cookies()).length === 0, 'a cookie was set');
  }
  const crashed = await crash(stage, anna, ben);
  expect(isDeepStrictEqual(crashed, UNHARMED), `killed in mid-word: ${JSON.stringify(crashed)}`);
  await Promise.all([anna.context.close(), ben.context.close()]);
  return { spans, faults };
}

/** Always one folder, with the newest pictures only. */
async function look(stage: Stage): Promise<string> {
  const dir = path.join(tmpdir(), 'aside-looks');
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await takeLooks(stage, dir);
  return dir;
}
