import type { FastifyRequest } from 'fastify';
import t from 'tap';
import { createDoor } from '../../src/http/door.ts';
import { judge, LATE_LOOKS, LATE_MS, type Verdict, WELL_LOOKS, well } from '../../src/http/load.ts';
import { openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { knock } from './raw.ts';

const after = (verdict: Verdict, lates: readonly number[]): Verdict => lates.reduce(judge, verdict);
const looks = (count: number, lateMs: number): number[] => Array(count).fill(lateMs);

t.test('late at every look for two seconds is overloaded, in time at every look for two seconds is well again, and one look in between begins anew', async (t) => {
  t.equal(after(well, looks(LATE_LOOKS - 1, LATE_MS)).overloaded, false);
  const overloaded = after(well, looks(LATE_LOOKS, LATE_MS));
  t.equal(overloaded.overloaded, true);
  t.equal(after(well, [...looks(LATE_LOOKS - 1, 60_000), 0, ...looks(LATE_LOOKS - 1, 60_000)]).overloaded, false, 'a process that was stopped for a minute is not overloaded');
  t.equal(after(well, looks(1_000, LATE_MS - 1)).overloaded, false);
  t.equal(after(overloaded, looks(WELL_LOOKS - 1, 0)).overloaded, true);
  t.equal(after(overloaded, [...looks(WELL_LOOKS - 1, 0), LATE_MS, ...looks(WELL_LOOKS - 1, 0)]).overloaded, true);
  t.equal(after(overloaded, looks(WELL_LOOKS, LATE_MS - 1)).overloaded, false);
});

t.test('of those who come in one second the door takes a thousand, and then two thousand a second; the others are told when to return', async (t) => {
  let now = 0;
  const door = createDoor({ publicUrl: '', perAddress: 1, inAll: 1, load: { overloaded: false }, now: () => now });
  const request = { ws: true, headers: {}, ip: '192.0.2.1' } as unknown as FastifyRequest;
  const come = (count: number) => Array.from({ length: count }, () => door.knock(request)).filter((refusal) => refusal !== null);
  const refused = come(1_500);
  t.equal(refused.length, 500);
  t.ok(refused.every(({ status, code, retryAfterS = 0 }) => status === 503 && code === 'rush' && retryAfterS >= 2 && retryAfterS <= 10));
  t.equal(new Set(refused.map(({ retryAfterS }) => retryAfterS)).size, 9, 'not all at the same time');
  now += 100;
  t.equal(come(300).length, 100);
  now += 60_000;
  t.equal(come(1_500).length, 500);
});

t.test('a server that is late at everything takes nobody in (503, told when to return), serves who is there and who reads, and is well again by itself', async (t) => {
  const database = await openDatabase();
  const server = await openServer(database.url);
  t.teardown(async () => {
    await server.close();
    await database.close();
  });
  const anna = await openClient(server.ws, { room: 'busy', ...person() });
  t.teardown(() => anna.close());
  const status = async () => (await knock(server.http, '/ws', [])).status;
  t.equal(await status(), 101);
  // The server's own event loop, as much work as it cannot do in time.
  const work = setInterval(() => { for (const end = performance.now() + 1.6 * LATE_MS; performance.now() < end; ); }, 10);
  t.teardown(() => clearInterval(work));
  t.ok(await until(async () => (await status()) === 503, 30_000));
  const [refused, page, said, metrics] = await Promise.all([knock(server.http, '/ws', []), fetch(`${server.http}/api/v1/rooms/busy`), anna.say('still here'), server.scrape()]);
  t.match(refused, { status: 503, body: /"overloaded"/ });
  t.ok(Number(refused.headers['retry-after']) >= 2 && Number(refused.headers['retry-after']) <= 10);
  t.equal(page.status, 200);
  t.match(said, { t: 'ok' });
  t.match(metrics, /^aside_overloaded 1$/m);
  t.match(metrics, /^aside_upgrades_refused_total\{reason="overloaded"\} [1-9]/m);
  clearInterval(work);
  t.ok(await until(async () => (await status()) === 101, 30_000));
  t.match(await server.scrape(), /^aside_overloaded 0$/m);
});
