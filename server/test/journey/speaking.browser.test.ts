import t, { type Test } from 'tap';
import { fillRoom } from '../browser/history.ts';
import type { Reader } from '../browser/reader.ts';
import { openStage } from '../browser/stage.ts';
import { ko } from '../../../widget/src/ui/words/ko.ts';

t.setTimeout(60_000);
const stage = await openStage();
t.teardown(() => stage.close());

async function visit(t: Test, ...how: Parameters<typeof stage.visit>): Promise<Reader> {
  const reader = await stage.visit(...how);
  if (!how[1]?.beside) t.teardown(() => reader.context.close());
  return reader;
}

t.test('Shift and Enter break a line', async (t) => {
  const reader = await visit(t, 'beside-the-text', { room: 'lines', options: { locale: 'en-GB' } });
  await reader.takeName('Merry owl');
  const { field } = reader.parts;
  await field.pressSequentially('one');
  await field.press('Shift+Enter');
  await field.pressSequentially('two');
  await field.press('Enter');
  await reader.untilDrawn('one\ntwo');
  t.same(await reader.texts(), ['one\ntwo']);
});

t.test('a second tab of one browser is the same person', async (t) => {
  const first = await visit(t, 'hangul-lines', { room: 'tabs' });
  await first.takeName('느긋한 수달');
  await first.say('첫째 창에서');
  await first.untilDrawn('첫째 창에서');
  const second = await visit(t, 'hangul-lines', { room: 'tabs', beside: first });
  await second.say('둘째 창에서');
  await first.untilDrawn('둘째 창에서');
  t.same(await second.who(), await first.who());
  for (const tab of [first, second]) t.same(await tab.parts.mine.allTextContents(), ['첫째 창에서', '둘째 창에서']);
  await first.parts.status.getByText(ko.people('1')).waitFor();
  t.same(await stage.sql`select count(distinct anonymous_id)::int as authors from messages where content like '%창에서'`, [{ authors: 1 }]);
});

t.test('markup in a name or in words is shown as what it is: text', async (t) => {
  const reader = await visit(t, 'hangul-lines', { room: 'markup' });
  const words = ['<script>top.hacked = 1</script>', '<img src=x onerror="hacked = 1">', '<a href="javascript:hacked = 1">link</a>', 'javascript:hacked', '&lt;b&gt;'];
  await fillRoom(stage, 'markup', [{ nick: '<script>', texts: words }, { nick: '<img src=x>', texts: ['"><svg onload=1>'] }]);
  await reader.takeName('<b>me</b>');
  await reader.say('<iframe src=//x>');
  await reader.untilDrawn('<iframe src=//x>');
  t.same(await reader.texts(), [...words, '"><svg onload=1>', '<iframe src=//x>']);
  t.same([...new Set(await reader.parts.names.allTextContents())], ['<script>', '<img src=x>']);
  const { log } = reader.parts;
  t.equal(await log.locator('script, iframe, svg, a:not(.at), img').count(), 0);
  await reader.page.reload();
  await reader.line('<iframe src=//x>').waitFor();
  t.same(await reader.texts(), [...words, '"><svg onload=1>', '<iframe src=//x>'], 'and so it is in the first paint');
  t.equal(await reader.parts.html.evaluate(() => 'hacked' in window), false);
  t.same(reader.watch.errors, []);
});

t.test('a browser that keeps nothing still reads and speaks, and says that the name will not last', async (t) => {
  await fillRoom(stage, 'forbidden', [{ nick: '졸린 여우', texts: ['먼저 온 사람'] }]);
  const reader = await visit(t, 'hangul-lines', { room: 'forbidden', keeps: 'nothing' });
  await reader.line('먼저 온 사람').waitFor();
  t.equal(await reader.parts.html.evaluate(() => { try { return localStorage.length; } catch (error) { return (error as Error).name; } }), 'SecurityError');
  await reader.takeName('수줍은 고래');
  await reader.parts.notice.getByText(ko.fleeting).waitFor();
  await reader.say('나도 왔어요');
  const other = await visit(t, 'hangul-lines', { room: 'forbidden' });
  await other.line('나도 왔어요').waitFor();
  await reader.page.reload();
  await reader.line('나도 왔어요').waitFor();
  await reader.parts.card.waitFor();
  t.same(await reader.watch.cookies(), []);
  t.same(reader.watch.errors, []);
});

t.test('a browser that denies frames their storage is helped by one cookie of the widget’s own, that no request needs', async (t) => {
  const reader = await visit(t, 'hangul-lines', { room: 'jar', keeps: 'cookies' });
  await reader.takeName('조용한 곰');
  t.equal(await reader.parts.notice.count(), 0);
  await reader.say('다시 올게요');
  await reader.untilDrawn('다시 올게요');
  const before = await reader.who();
  await reader.page.reload();
  await reader.parts.profile.waitFor();
  t.same(await reader.who(), before);
  t.same(await reader.parts.mine.allTextContents(), ['다시 올게요']);
  t.same(await reader.watch.cookies(), ['__Host-aside'], 'no answer set one');
});
