import { openDatabase } from '../../test/support/database.ts';
import { openProcess } from '../../test/http/process.ts';
import { runEvader, runRaid } from '../../test/moderation/raid.ts';
import type { Asked, Result } from '../proofs.ts';

const RAID = { bots: 2_000, addresses: 500, joinS: 10, raidS: 60, everyMs: 4_000, solvers: 667, stampsPerS: 20, cores: 0.5 };
const SMALL = { bots: 200, addresses: 50, joinS: 5, raidS: 15, everyMs: 2_000, solvers: 67, stampsPerS: 4, cores: 0.25 };
const CAP_PER_S = 50;
const WAIT_MS = 10_000;
const DOWN_MS = 300_000;
const EVADES_MS = 600_000;
const TOKEN = 'the-operator-of-this-proof-has-this-token-here';
/** The room's own caps hold; only what all of one machine would meet first is lifted. */
const CAPS = { ROOM_MESSAGES_PER_S: String(CAP_PER_S), ROOM_BYTES_PER_S: '32768', SENDER_MESSAGES_PER_S: '1', FRAMES_PER_MINUTE: '120', REPEAT_SECONDS: '30', SHIELD: 'on', WORDS: 'standard', CONNECTIONS_PER_ADDRESS: '200', TRUST_PROXY_HOPS: '1', ADMIN_TOKEN: TOKEN, LOG_LEVEL: 'info' };

export async function prove({ share, say }: Asked): Promise<Result> {
  const whole = share === 1;
  await using stack = new AsyncDisposableStack();
  const database = await openDatabase();
  stack.defer(() => database.close());
  const server = await openProcess(database.url, CAPS);
  stack.defer(() => server.close());
  const { key } = (await (await fetch(`${server.http}/api/v1/keys`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }, body: '{}' })).json()) as { key: string };
  const evading = runEvader(server, key, whole ? EVADES_MS : 20_000, whole ? 3_000 : 1_000);
  const raid = await runRaid(server, { people: whole ? 200 : 40, comeS: whole ? 60 : 5, beforeS: whole ? 150 : 70, bots: whole ? RAID : SMALL, untilDownS: whole ? DOWN_MS / 1_000 : 0, say });
  const { tries, visible, held } = await evading;
  const slowest = Math.max(0, ...raid.waits);
  return {
    ok: raid.busiest <= CAP_PER_S && raid.unsaid.length === 0 && slowest <= WAIT_MS && raid.waits.length > 0 && raid.shown.people > 0 && raid.highest > 0 && raid.bots.joined > 0 && visible <= 1 && held > 0 && (!whole || raid.downAfterMs !== null),
    count: raid.bots.tried,
    figure: `${raid.bots.joined} bots tried ${raid.bots.tried} times with ${raid.bots.cores.toFixed(2)} of a core and ${raid.bots.solved} stamps; shield up to step ${raid.highest}${raid.downAfterMs === null ? '' : `, down ${(raid.downAfterMs / 1_000).toFixed(0)} s after (≤ ${DOWN_MS / 1_000})`}; busiest second ${raid.busiest} messages (≤ ${CAP_PER_S}), ${raid.shown.people} of people and ${raid.shown.bots} of bots were seen; ${raid.waits.length} messages of people saved, the slowest after ${(slowest / 1_000).toFixed(1)} s (≤ ${WAIT_MS / 1_000}), ${raid.unsaid.length} not (0)${raid.unsaid.length > 0 ? `: ${[...new Set(raid.unsaid)].join(', ')}` : ''}; a ban evader tried ${tries} times, ${visible} visible (≤ 1)`,
  };
}
