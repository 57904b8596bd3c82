import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDatabase } from '../dev/database.ts';
import { ROOT } from '../dev/places.ts';
import { buildWidget } from '../dev/widget.ts';
import { type Child, startChild } from './process.ts';

/** The caps a benchmark lifts, and nothing else: the server is the one that `pnpm start` runs. */
const LIFTED = {
  ROOM_MESSAGES_PER_S: '1000000', ROOM_BYTES_PER_S: '1000000000', SENDER_MESSAGES_PER_S: '1000000', REQUESTS_PER_MINUTE: '10000000', FRAMES_PER_MINUTE: '100000000',
  CONNECTIONS_PER_ADDRESS: '20000', REPEAT_SECONDS: '0', SHIELD: 'off', WORDS: 'none', CONNECTIONS_MAX: '20000',
};

export type Ours = { server: Child; databaseUrl: string; /** One more beside it. */ start(env: Record<string, string>): Promise<Child>; close(): Promise<void> };

/** Our server on a fresh database, which may have settings of its own. */
export async function startOurs(env: Record<string, string> = {}, settings: Record<string, string> = {}): Promise<Ours> {
  await buildWidget(ROOT, new AbortController().signal);
  const dir = path.join(tmpdir(), `aside-bench-${randomBytes(6).toString('hex')}`);
  const database = await startDatabase({ dir, settings, tethered: true });
  const usual = { ...LIFTED, IDENTITY_SECRET: randomBytes(32).toString('hex'), PORT: '0', METRICS_PORT: '0', DRAIN_SECONDS: '0', ...env, DATABASE_URL: database.url };
  const start = (more: Record<string, string>): Promise<Child> => startChild(path.join(ROOT, 'server/src/main.ts'), { ...usual, ...more });
  const server = await start({});
  return {
    server,
    databaseUrl: database.url,
    start,
    async close() {
      await server.close();
      await database.close({ patience: 0 });
      await rm(dir, { recursive: true, force: true });
    },
  };
}
