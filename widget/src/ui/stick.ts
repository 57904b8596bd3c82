/** Keeping to the end while the reader is there, and holding still while they read above (FR-305). */
export type View = { scrollTop: number; clientHeight: number; scrollHeight: number };

/** Nearer to the end than this is being at the end: a finger does not stop on the pixel. */
export const END_PX = 48;
/** Nearer to an end of what is drawn than this, more is. */
const NEAR_PX = 600;

export function isAtEnd(view: View): boolean {
  return belowOf(view) <= END_PX;
}

export function isNearTop({ scrollTop }: View): boolean {
  return scrollTop < NEAR_PX;
}

export function isNearBottom(view: View): boolean {
  return belowOf(view) < NEAR_PX;
}

function belowOf({ scrollTop, clientHeight, scrollHeight }: View): number {
  return scrollHeight - scrollTop - clientHeight;
}
