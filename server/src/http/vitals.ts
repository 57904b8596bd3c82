import { Counter, Gauge, type Registry } from 'prom-client';
import { type DatabaseHealth, pools } from '../log/health.ts';
import type { Log } from '../log/messages.ts';
import type { Room } from '../room/room.ts';
import type { Rooms } from '../room/rooms.ts';
import type { StreamProxy } from '../stream/proxy.ts';

/** What is looked at when somebody asks, and costs nothing until then. Null: not of this role. */
export type Parts = {
  version: string;
  ready: () => boolean;
  chat: { connectionsMax: number; rooms: Pick<Rooms, 'open' | 'comparedAt'>; now: () => number; /** Null where no other server is. */ reached: (() => boolean) | null } | null;
  log: Pick<Log, 'health' | 'errors'> | null;
  stream: { proxy: Pick<StreamProxy, 'bytes'>; bytesMax: number } | null;
};

/** However often, and by however many, it is asked. */
const ASK_EVERY_MS = 15_000;
/** What is lost shall be seen to be back. */
const ASK_AGAIN_MS = 2_000;

/** Returns what has to be done before the registry is read. */
export function addVitals(register: Registry, { version, ready, chat, log, stream }: Parts): () => Promise<void> {
  const registers = [register];
  const gauge = (name: string, help: string, read: () => number | null | undefined): void => void new Gauge({
    name, help, registers,
    collect() {
      const value = read() ?? null;
      // A number that nobody knows is left out: 0 would be an answer.
      if (value === null) this.remove();
      else this.set(value);
    },
  });
  new Gauge({ name: 'aside_build_info', help: '1, of the version that runs', labelNames: ['version'], registers }).set({ version }, 1);
  gauge('aside_ready', '1 from the first moment it takes readers until it begins to stop', () => (ready() ? 1 : 0));

  if (chat) {
    const { connectionsMax, rooms, now, reached } = chat;
    gauge('aside_connections_max', 'Sockets it takes at most', () => connectionsMax);
    gauge('aside_rooms', 'Rooms open here', () => [...rooms.open].length);
    gauge('aside_fullest_room_readers', 'Readers here of the room that has most of them', () => [...rooms.open].reduce((most, { members }: Room) => Math.max(most, members.size), 0));
    gauge('aside_heads_age_seconds', 'Since all open rooms agreed with the log', () => (now() - rooms.comparedAt) / 1_000);
    if (reached) gauge('aside_redis_reached', '1 while what is said to Redis comes back', () => (reached() ? 1 : 0));
  }
  if (stream) {
    gauge('aside_stream_cache_bytes', 'Segments kept in memory', () => stream.proxy.bytes);
    gauge('aside_stream_cache_bytes_max', 'Segments kept in memory at most', () => stream.bytesMax);
  }
  return log ? addDatabase(registers, gauge, log) : async () => {};
}

function addDatabase(registers: Registry[], gauge: (name: string, help: string, read: () => number | null | undefined) => void, { health, errors }: Pick<Log, 'health' | 'errors'>): () => Promise<void> {
  let known: DatabaseHealth | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  gauge('aside_append_pending', 'Changes taken that have no outcome yet', () => health.pending);
  gauge('aside_database_up', '1 while the database answers what it is asked here', () => (known ? 1 : 0));
  gauge('aside_database_connections', 'Connections to the whole database server, of everybody', () => known?.connections);
  gauge('aside_database_connections_max', 'Connections it takes at most', () => known?.connectionsMax);
  gauge('aside_database_bytes', 'What the database takes on its disk, without its log', () => known?.bytes);
  gauge('aside_wal_archive_age_seconds', 'For how long a finished file of the log has waited to be archived; none where none is archived', () => known?.walAgeS);
  gauge('aside_webhooks_waiting', 'Deliveries to webhooks that wait', () => known?.webhooks.waiting);
  gauge('aside_webhooks_dead', 'Deliveries to webhooks that were given up', () => known?.webhooks.dead);
  gauge('aside_webhooks_age_seconds', 'Of the delivery that has waited longest', () => known?.webhooks.ageS);
  const labelNames = ['pool'] as const;
  const readers = pools.filter((pool) => pool !== 'append');
  new Gauge({ name: 'aside_database_calls_running', help: 'Reads under way, by pool', labelNames, registers, collect() { for (const pool of readers) this.set({ pool }, health.load(pool).running); } });
  new Gauge({ name: 'aside_database_calls_waiting', help: 'Reads that have no connection yet, by pool', labelNames, registers, collect() { for (const pool of readers) this.set({ pool }, health.load(pool).waiting); } });
  new Counter({ name: 'aside_database_deadlines_total', help: 'Calls the database did not answer in time, by pool', labelNames, registers, collect() { this.reset(); for (const pool of pools) this.inc({ pool }, health.load(pool).missed); } });
  new Counter({ name: 'aside_errors_total', help: 'Errors noted here, by source', labelNames: ['source'], registers, collect() { this.reset(); for (const source of ['server', 'widget'] as const) this.inc({ source }, errors.noted[source]); } });

  return async () => {
    const now = performance.now();
    if (now - askedAt < (known ? ASK_EVERY_MS : ASK_AGAIN_MS)) return;
    const first = askedAt === Number.NEGATIVE_INFINITY;
    askedAt = now;
    const asking = health.ask().then((found) => { known = found; }, () => { known = null; });
    // Later ones do not wait for a database that may hang.
    if (first) await asking;
  };
}
