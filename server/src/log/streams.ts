import type { Commit, Place, StreamFacts } from '../protocol/index.ts';
import type { Pool } from './pool.ts';

/** A stream as it is kept: with its address, which readers are never told. */
export type Attached = StreamFacts & { url: string };

const WITHIN_MS = 4_000;

/** Attaches a stream to a room, or with null detaches what is there. Null when there was nothing to detach. */
export async function attachStream(pool: Pool, place: Place, stream: Attached | null): Promise<Commit | null> {
  const rows = await pool.within(WITHIN_MS, (sql) => sql<{ commit: Omit<Commit, 'place'> | null }[]>`
    select attach(${place.site}, ${place.post}, ${stream as never}::jsonb) as commit`);
  const commit = rows[0]?.commit;
  return commit ? { ...commit, place } : null;
}

/** The stream of that id, while it is attached. */
export async function findStream(pool: Pool, id: string): Promise<Attached | null> {
  const rows = await pool.within(WITHIN_MS, (sql) => sql<{ stream: Attached }[]>`select r.stream from rooms r where r.stream->>'id' = ${id}`);
  return rows[0]?.stream ?? null;
}
