/** Keeping to the end while the reader is there, and holding still while they read above (FR-305). */
export type View = { scrollTop: number; clientHeight: number; scrollHeight: number };

/** Nearer to the end than this is being at the end: a finger does not stop on the pixel. */
export const END_PX = 48;
/** Nearer to the top than this, older messages are fetched. */
const TOP_PX = 600;

export function isAtEnd({ scrollTop, clientHeight, scrollHeight }: View): boolean {
  return scrollHeight - scrollTop - clientHeight <= END_PX;
}

export function isNearTop({ scrollTop }: View): boolean {
  return scrollTop < TOP_PX;
}
