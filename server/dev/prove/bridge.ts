import type { Frame, Page } from 'playwright-core';
import { fillRoom } from '../../test/browser/history.ts';
import { openStage } from '../../test/browser/stage.ts';
import { watch } from '../../test/browser/watch.ts';
import { checkFlood, type Flood, floodWith, type Heard } from '../../test/embed/fuzz.ts';
import { openHost } from '../../test/embed/host.ts';
import type { Asked, Result } from '../proofs.ts';

const MESSAGES = 200_000;
const AT_ONCE = 2_000;

/** The promise: whatever a page says to the room, or the room to a page, throws nothing and changes nothing, unless it is one of the few things that are to be said. */
export async function prove({ share, seed, say }: Asked): Promise<Result> {
  const stage = await openStage();
  const host = await openHost(stage.chat.http, { '/': { head: '<script async src="{{chat}}/embed.js"></script>', body: '<body><aside-chat post-id="bridge" title="어느 글" height="240-600" badge></aside-chat></body>' } });
  try {
    // Neither as low nor as high as the page allows: another height would be seen.
    await fillRoom(stage, 'bridge', [{ nick: '졸린 여우', texts: ['하나', '둘', '셋', '넷', '다섯'] }]);
    const context = await (await stage.browser('partitioned')).openContext({ viewport: { width: 800, height: 700 } });
    const { errors } = await watch(context);
    const page = await context.newPage();
    await page.goto(host.url);
    const room = page.frameLocator('aside-chat iframe');
    await room.locator('.status.live').waitFor();
    await room.locator('.card .go').waitFor();
    const frame = page.frames().find((one) => one.parentFrame() === page.mainFrame());
    if (!frame) throw new Error('The page frames no room');

    const each = Math.max(1_000, Math.round((MESSAGES * share) / 2));
    const faults: string[] = [];
    const heard: Heard[] = [];
    for (const [from, to, towards] of [[page.mainFrame(), frame, 'room'], [frame, page.mainFrame(), 'page']] as const) {
      const before = await lookAt(page, frame);
      const all = await flood(from, to, { towards, seed, count: each });
      heard.push(all);
      say(`to the ${towards}: ${all.heard} of ${each} heard, ${all.past} past the envelope, ${all.kinds} kinds`);
      const after = await lookAt(page, frame);
      if (after !== before) faults.push(`what was said to the ${towards} changed ${before} into ${after}`);
      if (all.heard !== each) faults.push(`${each - all.heard} messages to the ${towards} did not come`);
    }
    faults.push(...errors);
    const [said, past] = [heard.reduce((sum, one) => sum + one.heard, 0), heard.reduce((sum, one) => sum + one.past, 0)];
    if (past * 2 < said) faults.push('fewer than half got past the envelope');
    await context.close();
    return { ok: faults.length === 0, count: said, figure: faults[0] ?? `${said.toLocaleString('en')} messages between page and room, ${past.toLocaleString('en')} past the envelope: nothing thrown, nothing changed` };
  } finally {
    await host.close();
    await stage.close();
  }
}

/** In parts, so that no window has more waiting than it can hold. */
async function flood(from: Frame, to: Frame, { towards, seed, count }: Flood): Promise<Heard> {
  let all: Heard = { heard: 0, past: 0, kinds: 0 };
  await to.evaluate(checkFlood);
  for (let at = 0; at < count; at += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - at);
    await from.evaluate(floodWith, { towards, seed: seed + at, count: size });
    all = await to.waitForFunction((wanted) => {
      const { flood } = window as unknown as { flood: Heard };
      return flood.heard >= wanted ? { ...flood } : null;
    }, at + size, { polling: 20, timeout: 60_000 }).then((handle) => handle.jsonValue() as Promise<Heard>);
  }
  return all;
}

/** All that a message could have changed, on both sides. */
async function lookAt(page: Page, frame: Frame): Promise<string> {
  const own = () => JSON.stringify([
    document.title, document.documentElement.lang, document.documentElement.dataset.theme ?? null, document.activeElement?.tagName ?? null, location.href,
    document.body.innerHTML.replace(/<time.*?<\/time>/g, ''), Object.entries({ ...(window.name ? { name: window.name } : {}) }), Object.keys(Object.prototype),
  ]);
  const kept = await frame.evaluate(() => JSON.stringify({ ...localStorage }));
  return JSON.stringify([await page.mainFrame().evaluate(own), await frame.evaluate(own), kept]);
}
