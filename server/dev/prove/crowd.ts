import { benchCrowd, CROWD, crowdTable } from '../../bench/crowd.ts';
import { report } from '../../bench/report.ts';
import type { Asked, Result } from '../proofs.ts';

const EACH_BYTES = 12_000;
const WITHIN = 0.99;
const LAG_MS = 50;
const ANSWER_MS = 200;
const P95_MS = 100;

export async function prove({ share, say }: Asked): Promise<Result> {
  const part = Math.max(0.05, share);
  const figures = await benchCrowd({ ...CROWD, readers: Math.round(CROWD.readers * part), deliveriesPerS: CROWD.deliveriesPerS * part, large: CROWD.large.map((one) => Math.round(one * part)) }, say);
  if (share === 1) report('crowd', crowdTable(figures));
  const { sockets, bytesEach, talk, storm, large } = figures;
  // Of the largest room only the figure is wanted.
  const room = large[0] ?? { readers: 0, p95: Number.POSITIVE_INFINITY };
  const ok = bytesEach <= EACH_BYTES && storm.within >= WITHIN && storm.resumed >= WITHIN * storm.seconds.length && talk.lagP99Ms <= LAG_MS && talk.messagesP95 <= ANSWER_MS && talk.pageP95 <= ANSWER_MS && room.p95 <= P95_MS;
  return {
    ok,
    count: sockets,
    figure: `${(bytesEach / 1_000).toFixed(1)} kB each (≤ 12); of a storm ${(storm.within * 100).toFixed(2)} % back within 15 s (≥ 99), ${storm.resumed} resumed; at ${talk.deliveriesPerS.toFixed(0)} deliveries a second event loop p99 ${talk.lagP99Ms.toFixed(0)} ms (≤ ${LAG_MS}), messages and page p95 ${talk.messagesP95.toFixed(0)} and ${talk.pageP95.toFixed(0)} ms (≤ ${ANSWER_MS}); `
      + large.map((one) => `a room of ${one.readers.toLocaleString('en')} p95 ${one.p95.toFixed(0)} ms`).join(', ') + ` (the first ≤ ${P95_MS})`,
  };
}
