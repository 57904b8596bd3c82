import path from 'node:path';
import { startOurs } from '../../bench/ours.ts';
import { median, runWorker } from '../../bench/process.ts';
import type { Sent } from '../../bench/senders.ts';
import { openRetention } from '../../src/log/retention.ts';
import { openSql } from '../../src/log/sql.ts';
import { ROOT } from '../places.ts';
import type { Asked, Result } from '../proofs.ts';

const ROUNDS = 3;
const ROOMS = 20;
const OLD_ROWS = 100_000;
const PER_SECOND = 1_000;
const SECONDS = 10;
const SLOWER_MAX = 1.2;
const DAYS = 90;
const TEXT = '저도 회사에서 바로 써 볼게요! 벤치마크 부분 정말 잘 읽었어요.';

/** Rounds in turn, without and with an end for what is 91 days old, while a thousand messages a second are said in the same rooms. */
export async function prove({ share, say }: Asked): Promise<Result> {
  const [old, seconds, rounds] = [Math.max(2_000, Math.round(OLD_ROWS * share)), share < 1 ? 3 : SECONDS, share < 1 ? 1 : ROUNDS];
  const ours = await startOurs();
  const sql = openSql(ours.databaseUrl, { max: 1 });
  const p99: { calm: number[]; busy: number[] } = { calm: [], busy: [] };
  let [gone, left] = [0, 0];
  const send = (prefix: string): Promise<Sent> => runWorker<Sent>(path.join(ROOT, 'server/bench/senders.ts'), { url: `ws://127.0.0.1:${ours.server.port}/ws`, senders: ROOMS, rooms: ROOMS, perSecond: PER_SECOND, seconds, prefix, text: TEXT });
  try {
    await send('warm');
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of round % 2 ? (['busy', 'calm'] as const) : (['calm', 'busy'] as const)) {
        const prefix = `${kind}-${round}`;
        await plant(prefix);
        const retention = openRetention(ours.databaseUrl, { retentionDays: DAYS, backupDays: 35 });
        const ending = kind === 'busy' ? retention.run(Date.now(), () => {}) : null;
        const sent = await send(prefix);
        gone += (await ending)?.messages ?? 0;
        await retention.close();
        p99[kind].push(sent.p99);
        say(`round ${round + 1}, ${kind === 'busy' ? 'with an end for what is old' : 'without'}: p50 ${sent.p50} p99 ${sent.p99} ms of ${sent.acks}`);
        if (kind === 'calm') await sql`delete from messages where created_at < now() - make_interval(days => ${DAYS})`;
        else left += (await sql<{ left: number }[]>`select count(*)::int as left from messages where created_at < now() - make_interval(days => ${DAYS})`)[0]?.left ?? 0;
      }
    }
  } finally {
    await sql.end({ timeout: 2 });
    await ours.close();
  }
  const [calm, busy] = [median(p99.calm), median(p99.busy)];
  return {
    ok: left === 0 && gone === rounds * old && (share < 1 || busy <= calm * SLOWER_MAX),
    count: gone,
    figure: `${gone.toLocaleString('en')} messages of 91 days deleted, ${left} left (0), while ${PER_SECOND} a second were said in their rooms: p99 to ok ${busy.toFixed(1)} ms, without it ${calm.toFixed(1)} (≤ ${SLOWER_MAX}×), medians of ${rounds}`,
  };

  /** Rooms of 91 days ago, before anything is said in them now. */
  async function plant(prefix: string): Promise<void> {
    const each = old / ROOMS;
    await sql`insert into rooms (site, post_id, seq, rev, last_at) select '', ${prefix} || '-' || i, ${each}, ${each}, now() - interval '91 days' from generate_series(0, ${ROOMS - 1}::int) i`;
    for (let room = 0; room < ROOMS; room += 1) {
      await sql`insert into messages (room_id, seq, rev, cid, anonymous_id, nickname, avatar, content, created_at)
        select r.id, k, k, 'old-' || k, 'aaaaaaaaaaaaaaaa', '오래된 너구리', 'raccoon', ${TEXT}, now() - interval '91 days' from rooms r, generate_series(1, ${each}::int) k
        where r.post_id = ${`${prefix}-${room}`}`;
    }
  }
}
