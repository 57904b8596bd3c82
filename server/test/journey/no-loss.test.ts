import t from 'tap';
import { runTrial, tally } from '../faults/trial.ts';

/** The whole programme in small; `pnpm prove no-loss` runs all of it. */
const SEED = 20_261_121;
const MESSAGES = 400;
t.setTimeout(120_000);

t.test('whatever dies, acknowledged words are saved, once, in one order, and shown alike to everybody', async (t) => {
  const trial = await runTrial({
    share: 0.01, seed: SEED, say: (line) => t.comment(line), messages: MESSAGES, rooms: 3, paceMs: 100,
    steps: [
      { faults: ['cut'], afterMs: 500 },
      { faults: ['kill', 'terminate'], afterMs: 500 },
      { faults: ['stop'], afterMs: 500 },
      { faults: ['cut', 'kill'], afterMs: 500 },
    ],
  });
  t.match(tally(trial.effects), { kill: 2, terminate: 1, stop: 1, cut: 2 }, 'every fault took effect');
  t.ok(trial.acknowledged >= MESSAGES, `${trial.acknowledged} acknowledged, ${trial.shown} rows shown`);
  t.same(trial.violations.slice(0, 5), [], 'no promise is broken');
  t.same(trial.complaints, [], 'no server died by itself, and every word has its outcome');
});
