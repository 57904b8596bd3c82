import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Database, startDatabase } from './database.ts';
import { isAlive, readPostmaster } from './postmaster.ts';

export type DatabaseKeeper = Pick<Database, 'url' | 'adopted' | 'close'> & {
  /** Rejects when the database died and does not start again. */
  lost: Promise<never>;
};

const MS_BETWEEN_LOOKS = 1_000;

/** Starts the embedded database and, should it die, starts it again on the same port. */
export async function keepDatabase(dir: string, say: (line: string) => void, signal: AbortSignal): Promise<DatabaseKeeper> {
  const closing = new AbortController();
  const lost = Promise.withResolvers<never>();
  // Whoever does not ask is not told; without this, Node would end the process.
  lost.promise.catch(() => null);
  const database = await startDatabase({ dir, signal });

  const look = async () => {
    for (;;) {
      await pause(MS_BETWEEN_LOOKS, undefined, { signal: closing.signal });
      if (await isThere(database)) continue;
      if (closing.signal.aborted) return;
      say('The database ended by itself; starting it again.');
      await startDatabase({ dir, settings: { port: String(database.port) } });
    }
  };
  const looking = look().catch((error: Error) => (closing.signal.aborted ? undefined : lost.reject(error)));

  return {
    url: database.url,
    adopted: database.adopted,
    lost: lost.promise,
    async close(options) {
      closing.abort();
      await looking;
      await database.close(options);
    },
  };
}

async function isThere({ dir }: Database): Promise<boolean> {
  const data = path.join(dir, 'data');
  const postmaster = await readPostmaster(data);
  return postmaster !== null && (await isAlive(postmaster, data));
}
