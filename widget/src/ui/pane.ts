import type { Message } from './items.ts';

/** The part of the conversation that is drawn. A page of thousands of rows is slow on a phone, at every word typed. */
export type Pane = { from: number; to: number };

export const PANE_ROWS = 300;
/** How far the pane moves over what is held when its reader comes near an end of it. */
const STEP_ROWS = 100;

/** From the message numbered `top`, or one after it; null keeps to the end. */
export function cutPane(messages: readonly Message[], top: number | null): Pane {
  const last = lastOf(messages);
  const at = top === null ? -1 : messages.findIndex(({ n }) => n === null || n >= top);
  const from = at === -1 ? last : Math.min(at, last);
  return { from, to: Math.min(from + PANE_ROWS, messages.length) };
}

/** The `top` of the pane that shows older or newer ones. */
export function movePane(messages: readonly Message[], { from }: Pane, nearTop: boolean, nearBottom: boolean): number {
  const to = nearTop ? from - STEP_ROWS : nearBottom ? from + STEP_ROWS : from;
  return topAt(messages, Math.max(0, Math.min(to, lastOf(messages))));
}

/** The `top` of a pane around the message at `index`. */
export function paneAround(messages: readonly Message[], index: number): number {
  return topAt(messages, Math.max(0, index - PANE_ROWS / 2));
}

function lastOf({ length }: readonly Message[]): number {
  return Math.max(0, length - PANE_ROWS);
}

function topAt(messages: readonly Message[], index: number): number {
  return messages[index]?.n ?? 0;
}
