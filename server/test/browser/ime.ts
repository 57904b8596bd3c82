import type { CDPSession, Locator, Page } from 'playwright-core';

/** An input method at work in the focused field, as the browser hears of it from one. */
export type Ime = {
  /** The text under composition becomes this. */
  compose(...texts: string[]): Promise<void>;
  /** The composition ends as this. */
  commit(text: string): Promise<void>;
  /** A key that the input method keeps: the page hears of it as 229. */
  take(key: Key): Promise<void>;
  /** A key that reaches the page. */
  press(key: Key): Promise<void>;
  /** The key that was kept reaches the page as well: macOS and Windows tell of one press twice, at one time. */
  repeat(key: Key): Promise<void>;
  release(key: Key): Promise<void>;
};
export type Key = { key: string; code: string; windowsVirtualKeyCode: number; text?: string; modifiers?: number; timestamp?: number };

export const ENTER: Key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' };
export const SHIFT_ENTER: Key = { ...ENTER, modifiers: 8 };
export const MASKED_ENTER: Key = { key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 };
export const ESCAPE: Key = { key: 'Escape', code: 'Escape', windowsVirtualKeyCode: 27 };

export async function openIme(page: Page): Promise<Ime> {
  const input: CDPSession = await page.context().newCDPSession(page);
  let kept = 0;
  const strike = (type: 'keyDown' | 'rawKeyDown' | 'keyUp', key: Key): Promise<unknown> => input.send('Input.dispatchKeyEvent', { type, ...key });
  const press = async (key: Key): Promise<void> => void (await strike(key.text === undefined ? 'rawKeyDown' : 'keyDown', key));
  return {
    press,
    repeat: (key) => press({ ...key, timestamp: kept }),
    async compose(...texts) {
      for (const text of texts) await input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    },
    commit: async (text) => void (await input.send('Input.insertText', { text })),
    async take({ text: _, ...key }) {
      kept = Date.now() / 1_000;
      await strike('rawKeyDown', { ...key, windowsVirtualKeyCode: 229, timestamp: kept });
    },
    release: async ({ text: _, ...key }) => void (await strike('keyUp', key)),
  };
}

/** One letter after the other, as a Korean keyboard makes a syllable: the last stays under composition. */
export async function typeHangul(ime: Ime, ...syllables: string[][]): Promise<void> {
  for (const [i, steps] of syllables.entries()) {
    await ime.compose(...steps);
    if (i < syllables.length - 1) await ime.commit(steps.at(-1) ?? '');
  }
}

/** What a field hears, in order, with whatever of it differs from nothing. */
export async function record(field: Locator): Promise<() => Promise<Record<string, unknown>[]>> {
  await field.evaluate((element) => {
    const heard: Record<string, unknown>[] = [];
    Object.assign(element, { heard });
    const FIELDS = ['type', 'key', 'code', 'keyCode', 'shiftKey', 'isComposing', 'inputType', 'data'];
    for (const type of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'compositionstart', 'compositionupdate', 'compositionend', 'blur']) {
      element.addEventListener(type, (event) => {
        const told = FIELDS.map((name) => [name, (event as unknown as Record<string, unknown>)[name]]);
        heard.push(Object.fromEntries(told.filter(([, value]) => value !== undefined && value !== false && value !== null)));
      });
    }
  });
  return () => field.evaluate((element) => (element as unknown as { heard: Record<string, unknown>[] }).heard.splice(0));
}
