import { report } from '../../bench/report.ts';
import { benchViewers, summarise, viewersTable } from '../../bench/streams/viewers.ts';
import type { Asked, Result } from '../proofs.ts';

const VIEWERS = 2_000;
const SECONDS = 60;
const P95_MS = 250;
const OF_NGINX = 2;
const OF_CHAT = 1.2;

export async function prove({ share, say }: Asked): Promise<Result> {
  const figures = await benchViewers(Math.max(100, Math.round(VIEWERS * share)), share < 1 ? 18 : SECONDS, say);
  if (share === 1) report('viewers', viewersTable(figures));
  const { playlist, segment, ratio, chat, most } = summarise(figures);
  const answers = figures.ours.reduce((sum, one) => sum + one.answers.playlist.count + one.answers.segment.count, 0);
  return {
    ok: most === 1 && Math.max(playlist, segment) <= P95_MS && ratio <= OF_NGINX && chat <= OF_CHAT, count: answers,
    figure: `${figures.viewers} viewers released at once: each of ${figures.asked.segments} segments asked of the origin ${most === 1 ? 'once' : `up to ${most} times`}; p95 of playlists ${playlist.toFixed(0)} ms, of segments ${segment.toFixed(0)} ms (≤ ${P95_MS}), ${ratio.toFixed(2)}× nginx at worst (≤ ${OF_NGINX}); chat p95 ${chat.toFixed(2)}× that of a room without viewers (≤ ${OF_CHAT})`,
  };
}
