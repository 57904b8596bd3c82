import { ko } from '../../../widget/src/ui/words/ko.ts';
import type { Locator } from 'playwright-core';
import { until } from '../support/until.ts';
import type { Reader } from './reader.ts';
import type { Stage } from './stage.ts';

/** The moves of two strangers on the demo blog, each of which tells what was seen. Judging is left to who asked. */

export const SEND_MAX_MS = 500;

/** From Enter here to painted there, one message after the other. */
export async function timeSends(from: Reader, to: Reader, count: number): Promise<number[]> {
  const spans: number[] = [];
  for (let i = 1; i <= count; i += 1) {
    const text = `${i}번째로 하는 말`;
    await from.parts.field.fill(text);
    const drawn = to.untilDrawn(text);
    const pressed = Date.now();
    await from.parts.field.press('Enter');
    spans.push((await drawn) - pressed);
  }
  return spans;
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** How far the words of each side are from both edges of the list, in px; the widest gap counts. */
export type Sides = { mine: { left: number; right: number }; theirs: { left: number; right: number } };

export function measureSides(reader: Reader): Promise<Sides> {
  return reader.room.locator('.lines').evaluate((lines) => {
    const edge = lines.getBoundingClientRect();
    const gaps = (side: string) => {
      const boxes = [...lines.querySelectorAll(`.line.${side} .text`)].map((text) => {
        const words = document.createRange();
        words.selectNodeContents(text);
        return words.getBoundingClientRect();
      });
      return { left: Math.max(...boxes.map((box) => box.left - edge.left)), right: Math.max(...boxes.map((box) => edge.right - box.right)) };
    };
    return { mine: gaps('mine'), theirs: gaps('theirs') };
  });
}

/** A bubble's padding, or an animal with the space beside it. */
const BESIDE_WORDS_PX = 60;

export function areApart({ mine, theirs }: Sides): boolean {
  return mine.right <= BESIDE_WORDS_PX && theirs.left <= BESIDE_WORDS_PX && mine.left > mine.right && theirs.right > theirs.left;
}

/** Who one is and what one reads, before and after a reload. */
export async function reload(reader: Reader): Promise<{ before: string; after: string }> {
  const look = async (): Promise<string> => {
    await reader.parts.profile.waitFor();
    return JSON.stringify({ ...(await reader.who()), texts: await reader.texts(), mine: await reader.parts.mine.count() });
  };
  const before = await look();
  await reader.page.reload();
  return { before, after: await look() };
}

export type Crash = {
  /** What stands in the field after the server is gone, and after it is back. */
  typed: string;
  draft: string;
  /** While the server is gone the words stand as on their way, and nobody else has them. */
  sending: boolean;
  early: number;
  /** How often they stand on both screens and in the log when all is over. */
  shown: [number, number];
  saved: number;
};

/** The server dies in the middle of a word of `writer`, who goes on and sends; then it comes back. */
export async function crash({ chat, sql }: Stage, writer: Reader, other: Reader): Promise<Crash> {
  const { field } = writer.parts;
  const text = '서버가 죽어도 이 말은 한 번만';
  await field.pressSequentially(text.slice(0, 8));
  await other.parts.field.fill('아직 쓰는 중');
  await chat.kill();
  await field.pressSequentially(text.slice(8));
  const typed = await field.inputValue();
  await field.press('Enter');
  await writer.line(text).getByText(ko.sending).waitFor();
  const sending = (await writer.line(text).count()) === 1;
  const early = await other.line(text).count();
  await chat.start();
  await Promise.all([other.line(text).waitFor({ timeout: BACK_WITHIN_MS }), writer.line(text).and(writer.room.locator('[data-n]')).waitFor({ timeout: BACK_WITHIN_MS })]);
  const [saved] = await sql<{ count: number }[]>`select count(*)::int as count from messages where content = ${text}`;
  return {
    typed, sending, early,
    draft: await other.parts.field.inputValue(),
    shown: [await writer.line(text).count(), await other.line(text).count()],
    saved: saved?.count ?? 0,
  };
}

/** Some misses, each followed by a wait drawn at random. */
const BACK_WITHIN_MS = 20_000;

export const UNHARMED: Crash = { typed: '서버가 죽어도 이 말은 한 번만', draft: '아직 쓰는 중', sending: true, early: 0, shown: [1, 1], saved: 1 };

const DRAWN_WITHIN_MS = 2_000;

/** What stands in a field once it has been drawn: what is expected, or after a while whatever is there. A key is answered in the frame after it. */
export async function drawnValue(field: Locator, expected: string): Promise<string> {
  let value = '';
  await until(async () => (value = await field.inputValue()) === expected, DRAWN_WITHIN_MS);
  return value;
}
