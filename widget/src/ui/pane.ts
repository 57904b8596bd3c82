import { BLOCK_ROWS, type Message } from './items.ts';

/** The part of the conversation that is drawn. A page of thousands of rows is slow on a phone, at every word typed. */
export type Pane = { from: number; to: number };

export const PANE_ROWS = 310;
/** As many stand where new ones are said: what the screen does for each of them it does for every new one. */
export const END_ROWS = 150;

/** The lowest that a line can be. */
const LINE_PX = 24;
const FIRST_ROWS_AT_LEAST = 10;

/** As many as fill a frame this high. The others come when these have been painted: nobody sees them grow above. */
export function firstRows(height: number): number {
  return Math.min(END_ROWS, Math.max(FIRST_ROWS_AT_LEAST, Math.ceil(height / LINE_PX)));
}

/** From the message at place `top`, or one after it; null keeps to the end, where there are at `most` so many. */
export function cutPane(messages: readonly Message[], top: number | null, most = END_ROWS): Pane {
  if (most < END_ROWS && top === null) return { from: Math.max(0, messages.length - most), to: messages.length };
  const last = lastOf(messages);
  // The oldest leave a block at a time: where the first row is another one, all below it are laid out and painted anew.
  const end = last === 0 ? 0 : Math.ceil(topAt(messages, last) / BLOCK_ROWS) * BLOCK_ROWS;
  const at = messages.findIndex(({ place }) => place === null || place >= (top ?? end));
  const from = top === null ? Math.max(at, last) : at === -1 ? last : Math.min(at, last);
  return { from, to: Math.min(from + PANE_ROWS, messages.length) };
}

/** The `top` of the pane that shows older or newer ones. */
export function movePane(messages: readonly Message[], { from }: Pane, nearTop: boolean, nearBottom: boolean): number {
  const to = nearTop ? from - BLOCK_ROWS : nearBottom ? from + BLOCK_ROWS : from;
  return topAt(messages, Math.max(0, Math.min(to, lastOf(messages))));
}

/** The `top` of a pane around the message at `index`. */
export function paneAround(messages: readonly Message[], index: number): number {
  return topAt(messages, Math.max(0, index - PANE_ROWS / 2));
}

function lastOf({ length }: readonly Message[]): number {
  return Math.max(0, length - END_ROWS);
}

export function topAt(messages: readonly Message[], index: number): number {
  return messages[index]?.place ?? 0;
}
