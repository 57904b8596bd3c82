import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import t, { type Test } from 'tap';
import { findPort } from '../../dev/ports.ts';
import { openRedisFor } from '../bus/talk.ts';
import { type Client, openClient, person } from '../support/client.ts';
import { openDatabase } from '../support/database.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { type Collector, openCollector, type SentSpan } from './collector.ts';

t.setTimeout(180_000);
const database = await openDatabase();
t.teardown(() => database.close());
const WORDS = 'a herring swims through the tower';
const NICK = '비밀스러운 청어';

async function meet(t: Test, room: string, env: Record<string, string>): Promise<{ here: TestServer; there: TestServer; anna: Client; ben: Client }> {
  const { url } = await openRedisFor(t);
  const [here, there] = await Promise.all([openServer(database.url, { REDIS_URL: url, ...env }), openServer(database.url, { REDIS_URL: url, ...env })]);
  t.teardown(() => Promise.all([here.close(), there.close()]));
  const anna = await openClient(here.ws, { room, ...person(NICK) });
  const ben = await openClient(there.ws, { room, ...person('베니') });
  t.teardown(() => Promise.all([anna.close(), ben.close()]));
  return { here, there, anna, ben };
}

async function collect(t: Test): Promise<Collector> {
  const collector = await openCollector();
  t.teardown(() => collector.close());
  return collector;
}

function heard(client: Client, words: string): Promise<unknown> {
  return client.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === words), 15_000);
}

/** Of the trace that has the most of what is looked for. */
async function traceOf(collector: Collector, ...names: string[]): Promise<SentSpan[]> {
  let whole: SentSpan[] = [];
  await until(() => {
    for (const spans of Map.groupBy(collector.spans, ({ traceId }) => traceId).values()) if (names.every((name) => spans.filter((one) => one.name === name).length >= names.filter((one) => one === name).length)) whole = spans;
    return whole.length > 0;
  }, 15_000);
  return whole;
}

t.test('one message is one trace, from the socket to the readers of two servers', async (t) => {
  const collector = await collect(t);
  const { anna, ben } = await meet(t, 'traced-room', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const [answer] = await Promise.all([anna.say(WORDS), heard(anna, WORDS), heard(ben, WORDS)]);
  t.equal(answer.t, 'ok');

  const trace = await traceOf(collector, 'receive', 'screen', 'append', 'database', 'publish', 'fan-out', 'hear', 'fan-out');
  const shape = (parent: SentSpan | undefined): unknown => trace.filter((one) => (one.parentSpanId || undefined) === parent?.spanId).map((one) => [one.name, one.server === trace.find(({ name }) => name === 'receive')?.server ? 'here' : 'there', shape(one)]).sort();
  t.same(shape(undefined), [['receive', 'here', [
    ['append', 'here', [['database', 'here', []]]],
    ['publish', 'here', [['fan-out', 'here', []], ['hear', 'there', [['fan-out', 'there', []]]]]],
    ['screen', 'here', []],
  ]]], JSON.stringify(trace.map(({ name, spanId, parentSpanId }) => [name, spanId, parentSpanId])));
  for (const { name, attributes } of trace.filter((one) => one.name === 'fan-out')) t.equal(attributes['aside.readers'], 1, name);
  t.match(trace.find(({ name }) => name === 'receive')?.attributes, { 'aside.change': 'say', 'aside.answer': 'ok' });
  t.ok(trace.every(({ startTimeUnixNano, endTimeUnixNano }) => BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano)));

  const said = collector.said.join('\n');
  t.ok(said.startsWith('POST /v1/traces '));
  const row = ben.frames.flatMap((frame) => (frame.t === 'rows' ? frame.rows : [])).find((one) => !one.deleted);
  for (const secret of [WORDS, 'herring', NICK, '베니', 'traced-room', '127.0.0.1', row && !row.deleted ? row.author : '?', row && !row.deleted ? row.cid : '?']) t.notOk(said.includes(secret), `no span says ${secret}`);
});

t.test('of words that share an append, each has its own trace', async (t) => {
  const collector = await collect(t);
  const { anna, ben } = await meet(t, 'batch', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const all = Array.from({ length: 40 }, (_, i) => `words ${i}`);
  await Promise.all([...all.map((text) => anna.say(text)), ...all.map((text) => heard(ben, text))]);
  const countOf = (name: string): number => collector.spans.filter((one) => one.name === name).length;
  t.ok(await until(() => countOf('receive') >= 40 && countOf('publish') >= 40, 15_000));
  t.same([countOf('receive'), countOf('screen'), countOf('append'), countOf('publish')], [40, 40, 40, 40]);
  t.ok(collector.spans.some(({ attributes }) => Number(attributes['db.operation.batch.size']) > 1), 'some went together');
});

t.test('what is refused is traced to where it ended', async (t) => {
  const collector = await collect(t);
  const { anna } = await meet(t, 'refused', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, WORDS: 'standard', REPEAT_SECONDS: '30' });
  t.equal((await anna.say('the same words twice')).t, 'ok');
  t.match(await anna.say('the same words twice'), { t: 'no', code: 'duplicate' });
  t.ok(await until(() => collector.spans.some(({ attributes }) => attributes['aside.refusal'] === 'duplicate'), 15_000));
});

t.test('a part of all is traced, and of the rest nothing', async (t) => {
  const collector = await collect(t);
  const { anna, ben } = await meet(t, 'part', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: '0.5' });
  const all = Array.from({ length: 60 }, (_, i) => `part ${i}`);
  await Promise.all([...all.map((text) => anna.say(text)), ...all.map((text) => heard(ben, text))]);
  await until(() => collector.spans.some(({ name }) => name === 'hear'), 15_000);
  const traces = new Set(collector.spans.filter(({ name }) => name === 'receive').map(({ traceId }) => traceId)).size;
  t.ok(traces > 10 && traces < 50, `${traces} of 60`);
});

t.test('a request is traced too, and what is logged in it says so; without a collector nothing of OpenTelemetry is loaded', async (t) => {
  const collector = await collect(t);
  const [traced, plain] = await Promise.all([plant(t, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }), plant(t, {})]);
  for (const { fail } of [traced, plain]) t.equal(await fail(), 500);

  const [span] = await traceOf(collector, 'GET /fails/:id');
  t.match(span?.attributes, { 'http.request.method': 'GET', 'http.route': '/fails/:id' });
  t.equal(Number(span?.attributes['http.response.status_code']), 500);
  t.ok(await until(() => traced.log().includes('request failed') && plain.log().includes('request failed'), 5_000));
  t.ok(traced.log().includes(`"trace_id":"${span?.traceId}"`), 'the log names the trace');
  t.notMatch(plain.log(), /trace_id/);
  t.match(traced.log(), /loads sdk-trace/);
  t.notMatch(plain.log(), /loads/);
});

t.test('a collector that is dead, or hangs, slows nothing and loses no message', async (t) => {
  const hanging = await collect(t);
  hanging.hang();
  const dead = `http://127.0.0.1:${await findPort()}`;
  const took: Record<string, number[]> = {};
  for (const [name, env] of Object.entries({ none: {}, dead: { OTEL_EXPORTER_OTLP_ENDPOINT: dead }, hanging: { OTEL_EXPORTER_OTLP_ENDPOINT: hanging.url } })) {
    const { here, there, anna, ben } = await meet(t, `collector-${name}`, env as Record<string, string>);
    const times: number[] = (took[name] = []);
    for (let i = 0; i < 100; i += 1) {
      const began = performance.now();
      await Promise.all([anna.say(`${name} ${i}`), heard(ben, `${name} ${i}`)]);
      times.push(performance.now() - began);
    }
    const texts = ben.frames.flatMap((frame) => (frame.t === 'rows' ? frame.rows : [])).map((row) => (row.deleted ? '' : row.text));
    t.same(texts.sort(), Array.from({ length: 100 }, (_, i) => `${name} ${i}`).sort());
    const began = performance.now();
    await Promise.all([here.close(), there.close()]);
    t.ok(performance.now() - began < 8_000, `${name}: stopped in ${Math.round(performance.now() - began)} ms`);
  }
  const median = (name: string): number => took[name]?.toSorted((a, b) => a - b)[50] ?? Number.NaN;
  t.comment(`median of publish to receive in ms: none ${median('none').toFixed(1)}, dead ${median('dead').toFixed(1)}, hanging ${median('hanging').toFixed(1)}`);
  for (const name of ['dead', 'hanging']) t.ok(median(name) < 2 * median('none') + 20);
});

/** The real app with a planted fault, in a process that says which parts of OpenTelemetry it loads; of these, prom-client always has the api. */
const PLANTED = `
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) {
    const [, part] = /@opentelemetry\\/(?!api\\/)([\\w-]+)\\//.exec(url) ?? [];
    if (part) console.log('loads ' + part);
    return next(url, context);
  } });
  const { createApp } = await import(process.env.SRC + '/app.ts');
  const { readConfig } = await import(process.env.SRC + '/config.ts');
  const { http } = await createApp(readConfig(process.env));
  http.get('/fails/:id', async () => { throw new Error('planted'); });
  console.log('stands at ' + await http.listen({ port: 0, host: '127.0.0.1' }));
`;

async function plant(t: Test, env: Record<string, string>): Promise<{ fail(): Promise<number>; log(): string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PLANTED], {
    env: { PATH: process.env.PATH, SRC: path.join(import.meta.dirname, '../../src'), DATABASE_URL: database.url, IDENTITY_SECRET: 'a secret for tests that has enough letters', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { log += text; });
  const [, url] = (await until(() => /stands at (\S+)/.exec(log), 60_000)) ?? [];
  return { fail: async () => (await fetch(`${url}/fails/7`)).status, log: () => log };
}
