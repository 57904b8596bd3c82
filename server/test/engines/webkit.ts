import type { Readable } from 'node:stream';
import { findWebkitDriver, findXvfb } from '../../dev/programs.ts';
import { findPort } from '../../dev/ports.ts';
import { type Engine, type Key, SIZE, type Where } from './engine.ts';
import { awaitLine, type Group, startGroup } from './group.ts';
import { openSession, type Session } from './webdriver.ts';

export async function openWebkit(): Promise<Engine> {
  const [xvfb, driver] = [await findXvfb(), await findWebkitDriver()];
  if (!xvfb || !driver) throw new Error('There is no WebKitGTK, or no Xvfb');
  const groups: Group[] = [];
  const close = async (): Promise<void> => {
    for (const group of groups.splice(0).reverse()) await group.close();
  };
  try {
    const screen = startGroup(xvfb, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    groups.push(screen);
    const [display] = await awaitLine(screen.child.stdio[3] as Readable, /^\d+$/);
    const port = await findPort();
    const browser = startGroup(driver, [`--port=${port}`], { env: { DISPLAY: `:${display}`, GDK_BACKEND: 'x11' }, stdio: 'ignore' });
    groups.push(browser);
    const session = await openSession(`http://127.0.0.1:${port}`);
    await session.post('window/rect', { x: 0, y: 0, ...SIZE });
    return { ...engineOf(session), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function engineOf(session: Session): Omit<Engine, 'close'> {
  const complaints: string[] = [];
  /** Commands go to one frame at a time; a reload leaves none. */
  const enter = async (where: Where): Promise<void> => {
    await session.post('frame', { id: null });
    if (where === 'room') await session.post('frame', { id: 0 });
  };
  const act = (...actions: object[]): Promise<unknown> => session.post('actions', { actions });
  const strike = (value: string): Promise<unknown> => act({ type: 'key', id: 'keys', actions: [{ type: 'keyDown', value }, { type: 'keyUp', value }] });
  const point = async (where: Where, selector: string, ...then: object[]): Promise<void> => {
    await enter(where);
    await act({ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: [{ type: 'pointerMove', x: 0, y: 0, origin: await session.find(selector) }, ...then] });
  };
  return {
    name: `WebKitGTK ${session.capabilities.browserVersion}`,
    complaints,
    go: async (url) => void (await session.post('url', { url })),
    async reload() {
      await enter('blog');
      await session.post('refresh');
    },
    async run(where, task, given) {
      await enter(where);
      const [answer, heard] = await session.post('execute/sync', { script: `return [(${task})(...arguments), (${hear})()]`, args: [given ?? null] }) as [never, string[]];
      complaints.push(...heard);
      return answer;
    },
    point: (where, selector) => point(where, selector),
    click: (where, selector) => point(where, selector, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }),
    async type(text) {
      for (const letter of text) await strike(letter);
    },
    press: async (key) => void (await strike(KEYS[key])),
    async shoot() {
      await enter('blog');
      return Buffer.from(await session.get('screenshot') as string, 'base64');
    },
  };
}

/** Runs in the page, which is listened to from the first look on: this driver tells of no console. */
function hear(): string[] {
  const own = window as unknown as { heard?: string[] };
  if (own.heard) return own.heard.splice(0);
  const heard: string[] = [];
  own.heard = heard;
  addEventListener('error', ({ message }) => heard.push(message));
  addEventListener('unhandledrejection', ({ reason }) => heard.push(String(reason)));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => heard.push(`policy: ${violatedDirective} ${blockedURI}`));
  return [];
}

/** As WebDriver writes keys that make no letter. */
const KEYS: Record<Key, string> = { Enter: '\uE007', Escape: '\uE00C', ArrowUp: '\uE013', Backspace: '\uE003' };
