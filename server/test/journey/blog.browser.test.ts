import t from 'tap';
import { openStage } from '../browser/stage.ts';
import { areApart, crash, measureSides, medianOf, reload, SEND_MAX_MS, timeSends, UNHARMED } from '../browser/talk.ts';

t.setTimeout(60_000);
const stage = await openStage();
t.teardown(() => stage.close());
const [anna, ben] = await Promise.all([stage.visit('hangul-lines'), stage.visit('hangul-lines')]);

t.test('two strangers on the demo blog pick a name and talk, 500 ms from Enter to the other screen at the median of ten', async (t) => {
  await anna.takeName('졸린 여우');
  await ben.takeName();
  const spans = await timeSends(anna, ben, 10);
  t.comment(`${spans.join(', ')} ms`);
  t.ok(medianOf(spans) <= SEND_MAX_MS, `${medianOf(spans)} ms`);
  await ben.say('잘 보여요');
  await anna.untilDrawn('잘 보여요');
  t.match(await ben.parts.names.allTextContents(), ['졸린 여우']);
});

t.test('they see their own words on the right and the other’s on the left', async (t) => {
  for (const reader of [anna, ben]) {
    const sides = await measureSides(reader);
    t.ok(areApart(sides), JSON.stringify(sides));
  }
});

t.test('they are the same animals with the same history after a reload', async (t) => {
  for (const reader of [anna, ben]) {
    const { before, after } = await reload(reader);
    t.equal(after, before);
  }
});

t.test('they meet no error, nothing forbidden, no third party and no cookie', async (t) => {
  for (const { watch } of [anna, ben]) {
    t.same(watch.errors, []);
    t.same([...watch.origins].sort(), [stage.blog, stage.chat.http, stage.chat.http.replace('http', 'ws')].sort());
    t.same(await watch.cookies(), []);
  }
});

t.test('they lose no word and say none twice when the server is killed while one types', async (t) => {
  t.same(await crash(stage, anna, ben), UNHARMED);
  const unexpected = [...anna.watch.errors, ...ben.watch.errors].filter((error) => !/WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/.test(error));
  t.same(unexpected, [], 'only the lost server is in the console');
});
