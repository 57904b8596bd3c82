import t from 'tap';
import { startOrigin } from '../../../embed-demo/origin/origin.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import type { Engine } from './engine.ts';
import { openFirefox } from './firefox.ts';

t.setTimeout(120_000);
const ADMIN_TOKEN = 'a-token-for-tests-that-has-enough-letters';
const origin = await startOrigin({ port: 0, host: '127.0.0.1' });
const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN, STREAM_ALLOW: new URL(origin.url).host });
t.teardown(async () => {
  await server.close();
  await database.close();
  await origin.close();
});
await fetch(`${server.http}/api/v1/rooms/watch/stream`, { method: 'PUT', headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify({ url: `${origin.url}/live/master.m3u8` }) });

type Sight = { at: number; wide: number };
/** The room stands alone here: the page that a driver takes for the blog's is the room's own. */
const look = ({ run }: Engine): Promise<Sight> => run('blog', () => {
  const video = document.querySelector('video');
  return { at: video?.currentTime ?? 0, wide: video?.videoWidth ?? 0 };
}, null);
const seen = (engine: Engine, is: (sight: Sight) => boolean): Promise<boolean> => until(async () => is(await look(engine)), 30_000);

t.test('in Firefox a stream plays under the page’s own policy, and nothing is complained of', async (t) => {
  const firefox = await openFirefox();
  t.teardown(() => firefox.close());
  await firefox.go(`${server.http}/room/watch?lang=ko`);
  t.ok(await seen(firefox, ({ at, wide }) => at > 0 && wide > 0));
  const { at } = await look(firefox);
  t.ok(await seen(firefox, (next) => next.at > at + 0.5), 'and goes on');
  t.same(firefox.complaints, []);
});
