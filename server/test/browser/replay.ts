import { nanoid } from 'nanoid';
import type { Page } from 'playwright-core';
import type { TestDatabase } from '../support/database.ts';

/** What was said: `pic` as its author's player told it, or nothing, and when it was written. In ms. */
export type Said = { text: string; at: number; pic?: number };

/** Puts words into a room that nobody has open, as if they had been said in this order. */
export async function fillPictures(sql: TestDatabase['sql'], room: string, said: readonly Said[]): Promise<void> {
  const rows = said.map(({ text, at, pic }, i) => ({ n: i + 1, text, at: at / 1_000, pic: pic === undefined ? null : pic / 1_000, cid: nanoid() }));
  await sql.begin(async (sql) => {
    await sql`insert into rooms (site, post_id) values ('', ${room}) on conflict do nothing`;
    const [{ id, rev } = { id: 0, rev: 0 }] = await sql<{ id: number; rev: number }[]>`select id::int, rev::int from rooms where post_id = ${room} for update`;
    await sql`
      insert into messages (room_id, seq, rev, cid, anonymous_id, nickname, avatar, content, picture_at, created_at)
      select ${id}, n, ${rev}::bigint + n, cid, translate('k3vabcdefghijkl' || (n % 5), '01', '67'), '여우 ' || (n % 5), 'fox', text, to_timestamp(pic), to_timestamp(at)
      from jsonb_to_recordset(${rows as never}::jsonb) as x(n bigint, text text, cid text, pic numeric, at numeric)`;
    await sql`update rooms set seq = ${rows.length}, rev = rev + ${rows.length} where id = ${id}`;
  });
}

/** A line as it came onto the screen, and where the video was then, in ms of its own time. */
export type Sight = { text: string; at: number };

/** Notes when each line comes, from now on; what stands there already is noted as seen now. */
export async function watchLines(page: Page): Promise<void> {
  await page.evaluate(() => {
    const sights: { text: string; at: number }[] = [];
    Object.assign(globalThis, { sights });
    let there = new Set<string>();
    const look = (): void => {
      const texts = [...document.querySelectorAll('.line .text')].map((one) => one.textContent ?? '');
      const at = (document.querySelector('video')?.currentTime ?? 0) * 1_000;
      for (const text of texts) if (!there.has(text)) sights.push({ text, at });
      there = new Set(texts);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
  });
}

/** Forgets what was noted; lines that stand there are not noted again. */
export function sightsOf(page: Page): Promise<Sight[]> {
  return page.evaluate(() => (globalThis as unknown as { sights: { text: string; at: number }[] }).sights);
}

export function forgetSights(page: Page): Promise<void> {
  return page.evaluate(() => { (globalThis as unknown as { sights: unknown[] }).sights.length = 0; });
}

export const shownTexts = (page: Page): Promise<string[]> => page.locator('.line .text').allTextContents();

/** How late each of these came, against the picture it belongs to; below zero it came before. `start`: the picture at the video's beginning. */
export function latenessOf(sights: readonly Sight[], pictures: ReadonlyMap<string, number>, start: number): { text: string; late: number }[] {
  return sights.flatMap(({ text, at }) => {
    const pic = pictures.get(text);
    return pic === undefined ? [] : [{ text, late: start + at - pic }];
  });
}
