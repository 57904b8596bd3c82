import { setTimeout as pause } from 'node:timers/promises';
import { type Engine, type Key, PATIENCE_MS, type Where } from './engine.ts';

/** A reader at the blog in whatever engine: hands that wait for what they touch, and eyes. */
export type Guest = {
  /** The first answer that is not empty. */
  await<R, A>(where: Where, look: (given: A) => R, given: A): Promise<NonNullable<R>>;
  /** A selector of the first visible element that matches and carries these words. */
  find(selector: string, words?: string, where?: Where): Promise<string>;
  click(selector: string, words?: string, where?: Where): Promise<void>;
  point(selector: string, words?: string): Promise<void>;
  gone(selector: string): Promise<void>;
  /** Replaces what stands in the field. */
  fill(selector: string, text: string): Promise<void>;
  press(...keys: Key[]): Promise<void>;
  /** Types into the composer and presses Enter. */
  say(text: string): Promise<void>;
  sight(): Promise<Sight>;
};

/** What a reader sees of the room and of themselves in it. */
export type Sight = { mine: string[]; theirs: string[]; name: string | null; animal: string | null; draft: string | null };

export function guestOf(engine: Engine): Guest {
  const wait: Guest['await'] = async (where, look, given) => {
    let why: unknown = '';
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(20)) {
      // While a page is on its way there may be no frame yet to look into.
      const seen = await engine.run(where, look, given).catch((error) => { why = error; });
      if (seen) return seen as never;
    }
    throw new Error(`Not to be seen in the ${where}: ${look.name || look} ${JSON.stringify(given)} ${why}`);
  };
  const find: Guest['find'] = (selector, words = '', where = 'room') => wait(where, findReady, [selector, words] as const);
  const click: Guest['click'] = async (selector, words, where = 'room') => engine.click(where, await find(selector, words, where));
  const press: Guest['press'] = async (...keys) => {
    for (const key of keys) await engine.press(key);
  };
  const fill: Guest['fill'] = async (selector, text) => {
    await click(selector);
    await engine.run('room', (field) => document.querySelector<HTMLTextAreaElement>(field)?.select(), selector);
    await engine.press('Backspace');
    await engine.type(text);
  };
  return {
    await: wait, find, click, press, fill,
    point: async (selector, words) => engine.point('room', await find(selector, words)),
    gone: async (selector) => void (await wait('room', (gone) => document.querySelector(gone) === null, selector)),
    async say(text) {
      await fill('.composer textarea', text);
      await engine.press('Enter');
    },
    sight: () => engine.run('room', look, null),
  };
}

/** Runs in the page: the address of a thing that stands still, is not covered, and says this. */
function findReady([selector, words]: readonly [string, string]): string | null {
  const says = (one: Element): boolean => `${one.textContent} ${one.getAttribute('aria-label')}`.includes(words);
  const found = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility() && says(one));
  if (!found) return null;
  found.scrollIntoView({ block: 'nearest' });
  const { left, top, width, height } = found.getBoundingClientRect();
  const under = document.elementFromPoint(left + width / 2, top + height / 2);
  const moves = document.getAnimations().some(({ playState, effect }) => playState === 'running' && effect instanceof KeyframeEffect && effect.target?.contains(found));
  if (moves || !(under && (found.contains(under) || under.contains(found)))) return null;
  const path: string[] = [];
  for (let one: Element | null = found; one?.parentElement; one = one.parentElement) path.unshift(`:nth-child(${[...one.parentElement.children].indexOf(one) + 1})`);
  return `:root>${path.join('>')}`;
}

/** Runs in the room. */
function look(): Sight {
  const texts = (selector: string): string[] => [...document.querySelectorAll(selector)].map((one) => one.textContent ?? '');
  const me = document.querySelector('.composer .me');
  return {
    mine: texts('.line.mine .text'),
    theirs: texts('.line.theirs .text'),
    name: me?.getAttribute('title')?.replace(/^.*?: /, '') ?? null,
    animal: me?.querySelector('.avatar')?.className.replace('avatar ', '') ?? null,
    draft: document.querySelector('textarea')?.value ?? null,
  };
}
