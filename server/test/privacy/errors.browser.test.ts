import type { BrowserContext, Frame } from 'playwright-core';
import t, { type Test } from 'tap';
import { dumpTables } from '../http/tables.ts';
import { openStage } from '../browser/stage.ts';
import { until } from '../support/until.ts';

t.setTimeout(90_000);
const stage = await openStage();
t.teardown(() => stage.close());
const WORDS = '심어둔-말-planted-words';
const WITHIN_MS = 10_000;

type Sent = { body: Record<string, string>; headers: Record<string, string>; status: Promise<number | undefined> };

/** Files of ours that fail: what a bug in a part that is fetched later would be. */
async function plant(context: BrowserContext): Promise<Sent[]> {
  const sent: Sent[] = [];
  await context.route('**/assets/broken-*.js', (route, request) => {
    const [, number = '0'] = /broken-(\d+)/.exec(request.url()) ?? [];
    const fail = `const fail = () => { throw Object.assign(new TypeError('${WORDS} ${number}'), { more: '${WORDS}' }); };`;
    // Each fails twice, at one place.
    const twice = Number(number) % 2 ? 'setTimeout(fail); setTimeout(fail);' : 'Promise.resolve().then(fail); Promise.resolve().then(fail);';
    return route.fulfill({ contentType: 'text/javascript', headers: { 'access-control-allow-origin': '*' }, body: `${fail}\n${twice}` });
  });
  context.on('request', (request) => {
    if (!request.url().endsWith('/api/v1/errors')) return;
    sent.push({ body: JSON.parse(request.postData() ?? 'null'), headers: request.headers(), status: request.response().then((answer) => answer?.status(), () => undefined) });
  });
  return sent;
}

async function open(t: Test, room: string): Promise<{ frame: Frame; sent: Sent[] }> {
  let sent: Sent[] = [];
  const reader = await stage.visit('hangul-lines', { room, prepare: async (context) => { sent = await plant(context); } });
  t.teardown(() => reader.context.close());
  await reader.room.locator('header h1').waitFor();
  const frame = reader.page.frames().find((one) => one.url().startsWith(stage.chat.http)) as Frame;
  return { frame, sent };
}

const breaks = (frame: Frame, i: number) => frame.evaluate((file) => import(file).then(() => null), `/assets/broken-${i}.js`);

t.test('what goes wrong in the frame is told by kind, build and place, and nothing it says goes anywhere', async (t) => {
  const { frame, sent } = await open(t, 'broken');
  await breaks(frame, 1);
  t.ok(await until(async () => sent.length === 1, WITHIN_MS));
  t.same(Object.keys(sent[0]?.body ?? {}).sort(), ['at', 'code', 'version']);
  t.match(sent[0]?.body, { code: 'type_error', at: /^broken-1\.js:1:\d+$/ });
  t.match(await (await fetch(`${stage.chat.http}/room/broken`)).text(), `/assets/index-${sent[0]?.body.version}.js`, 'the build is the one that is served');
  t.equal(await sent[0]?.status, 204);
  t.equal(sent[0]?.headers.cookie, undefined);
  const saved = await until(async () => (await stage.sql`select source, code, version, at, count::int from errors`)[0], WITHIN_MS);
  t.match(saved, { source: 'widget', ...sent[0]?.body, count: 1 });
  t.notMatch(await dumpTables(stage.sql), 'planted');
  t.notMatch(JSON.stringify(sent), 'planted');
});

t.test('six different errors are five reports, and the same twice is one', async (t) => {
  const { frame, sent } = await open(t, 'breaking');
  await frame.evaluate(() => {
    document.documentElement.dataset.failed = '';
    for (const name of ['error', 'unhandledrejection']) addEventListener(name, () => { document.documentElement.dataset.failed += '!'; });
  });
  for (let i = 1; i <= 6; i += 1) {
    await breaks(frame, i);
    t.ok(await until(async () => sent.length === Math.min(i, 5) && (await frame.evaluate(() => document.documentElement.dataset.failed)) === '!!'.repeat(i), WITHIN_MS), `after ${i}`);
  }
  // What is asked for later comes later: nothing more is on its way.
  await frame.evaluate(() => fetch('/healthz').then(({ status }) => status));
  t.same(sent.map(({ body }) => body.at?.split(':')[0]), [1, 2, 3, 4, 5].map((i) => `broken-${i}.js`));
});

t.test('a frame that is sandboxed tells too', async (t) => {
  const context = await (await stage.browser('partitioned')).openContext();
  t.teardown(() => context.close());
  const sent = await plant(context);
  const page = await context.newPage();
  await page.goto(stage.blog);
  await page.evaluate((src) => {
    const box = document.createElement('iframe');
    box.setAttribute('sandbox', 'allow-scripts');
    document.body.append(Object.assign(box, { src }));
  }, `${stage.chat.http}/room/boxed`);
  const frame = (await until(async () => page.frames().find((one) => one.url().endsWith('/boxed')), WITHIN_MS)) as Frame;
  await frame.locator('header h1').waitFor();
  t.equal(await frame.evaluate(() => self.origin), 'null');
  await breaks(frame, 1);
  t.ok(await until(async () => sent.length === 1, WITHIN_MS));
  t.equal(await sent[0]?.status, 204);
  const at = sent[0]?.body.at ?? '';
  t.ok(await until(async () => (await stage.sql`select from errors where at = ${at} and count = 3`).length === 1, WITHIN_MS), 'counted with the same of other frames');
});

t.test('an error of drawing is told, and one of an extension is not', async (t) => {
  const { frame, sent } = await open(t, 'drawing');
  // Thrown by what is no file, as an extension's scripts are: nobody is told.
  await frame.evaluate((words) => new Promise((resolve) => {
    addEventListener('error', resolve, { once: true });
    setTimeout(() => { throw new Error(words); });
  }).then(() => null), WORDS);
  // Something every drawing needs fails: ours is the first file in the stack.
  await frame.evaluate((words) => {
    Document.prototype.createElementNS = () => { throw new RangeError(words); };
    Document.prototype.createElement = () => { throw new RangeError(words); };
    Document.prototype.createTextNode = () => { throw new RangeError(words); };
  }, WORDS);
  await frame.locator('.composer, form.card, footer').first().hover();
  await frame.locator('button').first().click();
  t.ok(await until(async () => sent.length > 0, WITHIN_MS));
  t.match(sent[0]?.body, { code: 'range_error', at: /^[\w-]+\.js:\d+:\d+$/ });
  t.notMatch(JSON.stringify(sent), 'planted');
});
