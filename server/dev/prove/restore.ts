import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { migrateOnce } from '../../src/ops/migrate.ts';
import { eraseAgain, readErasures } from '../../src/ops/erasures.ts';
import { backup } from '../../src/ops/backup.ts';
import { restore } from '../../src/ops/restore.ts';
import { openBucket } from '../../test/faults/bucket.ts';
import { type Crowd, openCrowd } from '../../test/faults/crowd.ts';
import { type Machine, openMachine } from '../../test/faults/debian.ts';
import { openFolders } from '../../test/faults/folders.ts';
import type { ClientRecord } from '../../test/faults/history.ts';
import { seedRandom } from '../../test/faults/random.ts';
import { selectHeads, selectRooms } from '../../test/faults/select.ts';
import { type Server, startServer } from '../../test/faults/servers.ts';
import { findTools } from '../../test/install/cluster.ts';
import { erase, ticketOf } from '../../test/privacy/person.ts';
import { openClient } from '../../test/support/client.ts';
import { until } from '../../test/support/until.ts';
import { ROOT } from '../places.ts';
import { findPort } from '../ports.ts';
import type { Asked, Result } from '../proofs.ts';

/** What is promised: words lost, and how long until readers have their rooms and words are saved again. */
const RPO_MS = 300_000;
const RTO_MS = 1_800_000;
/** As `terraform/database` has it; of a small share, said in its lines. */
const ARCHIVED_EVERY_S = 60;
const SHIPPED_EVERY_MS = 60_000;
const SHORT = { archivedEveryS: 2, shippedEveryMs: 1_000 };
const ROOMS = { rooms: 3, writers: 2, readers: 6, paceMs: 250 };
const WITHIN_MS = 120_000;
/** A copy is named by the second after its end. */
const AFTER_COPY_MS = 2_000;
const BUCKET = 'copies';
const TOKEN = 'a-token-of-the-machine';
const SECRET_WORDS = 'these words are erased after the copy was made';
const scripts = path.join(ROOT, 'terraform/database');

type Drill = { name: string; lostMs: number; lost: number; backMs: number; readers: number; anew: number; stale: string[]; erased: number };

/** The promise: a database that is gone, or went back in time, comes back, and readers with it. */
export async function prove({ share, seed, say }: Asked): Promise<Result> {
  const tools = await findTools();
  if (!tools) return { ok: false, count: 0, figure: 'needs the programs of PostgreSQL: `apt-get install postgresql`' };
  const size = share < 1 ? SHORT : { archivedEveryS: ARCHIVED_EVERY_S, shippedEveryMs: SHIPPED_EVERY_MS };
  if (share < 1) say(`a segment is archived every ${size.archivedEveryS} s, not every ${ARCHIVED_EVERY_S}, and shipped every ${size.shippedEveryMs / 1_000} s`);
  await using stack = new AsyncDisposableStack();
  const { dir, logDir } = await openFolders(stack, 'restore');
  const random = seedRandom(seed);
  const bucket = await openBucket(BUCKET, TOKEN);
  stack.defer(async () => bucket.close());
  const port = await findPort();
  const spool = path.join(dir, 'primary/spool');
  const env = { BUCKET, STORE: bucket.url, TOKEN, SPOOL: spool, SCRATCH: path.join(dir, 'primary'), PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'aside', RUN: '' };
  const primary = await openMachine(path.join(dir, 'primary'), port, tools, env);
  const settings = { archive_mode: 'on', archive_timeout: String(size.archivedEveryS), archive_command: `${scripts}/archive.sh %p %f`, max_wal_senders: '4', wal_level: 'replica' };
  await primary.as('/bin/mkdir', ['-p', spool]);
  await primary.as('initdb', ['--pgdata=data', '--username=aside', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']);
  await primary.start(settings);
  stack.defer(() => primary.stop());
  await migrateOnce(primary.url, () => {});
  const server = await startServer('chat', primary.url, logDir, { LOG_LEVEL: 'error' });
  stack.defer(() => server.close());
  await server.untilReady();
  const crowd = await openCrowd({ servers: [server], random: random.fork('crowd'), roams: false, ...ROOMS });
  stack.defer(() => crowd.close());
  await until(() => crowd.peers.every(({ client }) => client.live), WITHIN_MS);
  const quiet = new AbortController();
  const shipping = ship(primary, size.shippedEveryMs, quiet.signal, say);
  stack.defer(async () => { quiet.abort(); await shipping; });

  const drills: Drill[] = [];
  const gone = new Set<string>();
  const drill = async (name: string, run: () => Promise<number>): Promise<void> => {
    drills.push(await practise(name, { server, crowd, url: primary.url, gone }, run));
    const last = drills.at(-1) as Drill;
    say(`${name}: ${last.lost} words lost, the newest copy ${tell(last.lostMs)} old; back after ${tell(last.backMs)}; ${last.anew} of ${last.readers} readers given their rooms anew; ${last.stale.length} of them wrong, erased words found ${last.erased} times`);
    for (const one of last.stale.slice(0, 5)) say(one);
  };

  // What is erased is written before, so that the copy has it.
  const anna = await openClient(server.url, { room: 'erased', id: random.uuid(), nick: '너구리', avatar: 'raccoon' });
  await anna.say(SECRET_WORDS);
  say(`copied as ${(await primary.as(`${scripts}/base-backup.sh`, [])).trim()}`);
  await pause(AFTER_COPY_MS);
  const before = new Date();
  await pause(AFTER_COPY_MS);
  await erase({ http: `http://127.0.0.1:${server.port}` }, await ticketOf(anna));
  await anna.close();
  const log = path.join(dir, 'erasures.ndjson');
  await writeFile(log, (await readErasures(primary.url)).join('\n'));
  // Longer than what a lost machine takes along; what is erased within that is told again from this log.
  await pause(2 * (size.archivedEveryS * 1_000 + size.shippedEveryMs) + random.between(0, size.shippedEveryMs));

  await drill('a machine lost with all its disks', async () => {
    const goneAt = Date.now();
    await primary.lose();
    await primary.as(`${scripts}/restore.sh`, [primary.data]);
    await primary.start(settings);
    return goneAt;
  });
  await drill('back to a moment before an erasure', async () => {
    const goneAt = Date.now();
    await primary.stop();
    await primary.lose();
    await primary.as(`${scripts}/restore.sh`, [primary.data, before.toISOString()]);
    // Nobody is let in before it was told again.
    const apart = await openMachine(primary.dir, await findPort(), tools, env);
    await apart.start(settings);
    await promoted(apart.url);
    await eraseAgain(apart.url, [log], () => {});
    await apart.stop();
    await primary.start(settings);
    return goneAt;
  });

  // Else a standby of it would stop where it was told to.
  for (const name of ['recovery_target_time', 'recovery_target_action', 'restore_command']) await ask(primary.url, `alter system reset ${name}`);
  const standby = await openMachine(path.join(dir, 'standby'), port, tools);
  await standby.as('pg_basebackup', ['--host=127.0.0.1', `--port=${port}`, '--username=aside', '--pgdata=data', '--write-recovery-conf', '--checkpoint=fast']);
  const apart = { hot_standby: 'on', port: String(await findPort()) };
  await standby.start(apart);
  // From here on it hears nothing more.
  await standby.stop();
  stack.defer(() => standby.stop());
  await pause(size.shippedEveryMs);
  await drill('a standby that lagged, promoted', async () => {
    const goneAt = Date.now();
    await primary.stop();
    await standby.start({ hot_standby: 'on' });
    await ask(primary.url, 'select pg_promote()');
    await promoted(primary.url);
    return goneAt;
  });

  const file = path.join(dir, 'copy.dump');
  process.env.PATH = `${tools}:${process.env.PATH}`;
  await backup(primary.url, [file], () => {});
  await drill('a backup put back', async () => {
    const goneAt = Date.now();
    await restore(primary.url, [file, '--erasures', log, '--force'], say);
    return goneAt;
  });

  const faults = drills.flatMap(({ name, stale, anew, readers, erased, lostMs, backMs }) => [
    ...stale.map((one) => `${name}: ${one}`),
    ...(anew < readers ? [`${name}: ${readers - anew} readers were not given their rooms anew`] : []),
    ...(erased > 0 ? [`${name}: erased words are back`] : []),
    ...(lostMs > RPO_MS && !name.startsWith('back to') && !name.startsWith('a backup') ? [`${name}: ${tell(lostMs)} of words are lost`] : []),
    ...(backMs > RTO_MS ? [`${name}: back only after ${tell(backMs)}`] : []),
  ]);
  for (const fault of faults.slice(0, 20)) say(fault);
  const told = drills.map(({ name, lostMs, lost, backMs, anew, readers, erased }) => `${name}: RPO ${tell(lostMs)} (${lost} words), RTO ${tell(backMs)}, ${anew} of ${readers} readers given their rooms anew, erased words found ${erased}`);
  return { ok: faults.length === 0, count: crowd.acknowledged, figure: told.join('; ') };
}

/** `run` loses the database and brings it back; it says when it was gone. */
async function practise(name: string, { server, crowd, url, gone }: { server: Server; crowd: Crowd; url: string; /** Words that an earlier one lost. */ gone: Set<string> }, run: () => Promise<number>): Promise<Drill> {
  const marks = crowd.records().map(({ events }) => events.length);
  const saved = crowd.acknowledged;
  const goneAt = await run();
  const beganAt = Date.now();
  const isBack = await until(() => crowd.acknowledged > saved + ROOMS.rooms && crowd.peers.every(({ client }) => client.live), WITHIN_MS);
  const backMs = Date.now() - goneAt;
  if (!isBack) throw new Error(`${name}: nobody's words are saved ${tell(Date.now() - beganAt)} after the database is back; the log of ${server.name} tells why`);
  const heads = await settle(crowd, url);
  const rooms = await selectRooms(url);
  const records = structuredClone(crowd.records());
  crowd.hold(false);
  const lost = records.flatMap((record, i) => lostOf(record, marks[i] ?? 0, rooms.find(({ room }) => room === record.room)?.rows.map(({ cid }) => cid) ?? [])).filter((cid) => !gone.has(cid));
  for (const cid of lost) gone.add(cid);
  const kept = Math.max(0, ...rooms.flatMap(({ rows }) => rows.map(({ at }) => at)).filter((at) => at < goneAt));
  return {
    name, backMs, lost: lost.length, lostMs: lost.length === 0 ? 0 : goneAt - kept, readers: records.length,
    anew: records.filter(({ events }, i) => events.slice(marks[i]).some((event) => event.is === 'got' && (event.frame.t === 'reset' || (event.frame.t === 'welcome' && !event.frame.resumed)))).length,
    stale: records.flatMap(({ name: who, room, view }) => {
      const stored = new Map(rooms.find((one) => one.room === room)?.rows.map((row) => [row.n, row.text]));
      const wrong = view.rows.filter((row) => stored.get(row.n) !== ('text' in row ? row.text : '')).length;
      return [...(wrong > 0 ? [`${who} shows ${wrong} words that are not in the database`] : []), ...(view.rev === heads.get(room) ? [] : [`${who} stands at ${view.rev}, its room at ${heads.get(room)}`])];
    }),
    erased: rooms.flatMap(({ rows }) => rows).filter(({ text }) => text === SECRET_WORDS).length,
  };
}

/** Nobody begins anything new, and everybody has reached the newest moment. */
async function settle(crowd: Crowd, url: string): Promise<Map<string, number>> {
  crowd.hold(true);
  await until(() => crowd.inFlight() === 0, WITHIN_MS);
  let heads = await selectHeads(url);
  await until(async () => {
    heads = await selectHeads(url);
    return crowd.peers.every(({ client }) => client.rev === heads.get(client.room));
  }, WITHIN_MS);
  return heads;
}

/** Of what was acknowledged before, what is not there. */
function lostOf({ events }: ClientRecord, until: number, cids: readonly string[]): string[] {
  const there = new Set(cids);
  return events.slice(0, until).flatMap((event) => (event.is === 'got' && event.frame.t === 'ok' && event.frame.n !== undefined && !there.has(event.frame.cid) ? [event.frame.cid] : []));
}

async function ship(machine: Machine, everyMs: number, signal: AbortSignal, say: (line: string) => void): Promise<void> {
  while (!signal.aborted) {
    await pause(everyMs, undefined, { signal }).catch(() => 'the run is over');
    if (!signal.aborted) await machine.as(`${scripts}/ship.sh`, []).catch((error: Error) => say(error.message));
  }
}

async function promoted(url: string): Promise<void> {
  await until(async () => (await ask(url, 'select pg_is_in_recovery() as standby').catch(() => [{ standby: true }]))[0]?.standby === false, WITHIN_MS);
}

async function ask(url: string, query: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false });
  try {
    return [...(await sql.unsafe(query))];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function tell(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
