/** What was measured of the stream while it was live, in ms: how far our clock was ahead of its newest picture, and how long a segment is. */
export type Clock = { skew?: number | undefined; targetMs?: number | undefined };

/** Players stay about this many segments behind the newest. */
const BEHIND_TARGETS = 3;

/** The picture its author was seeing; of a message that does not say, what they probably were. The server reckons by the same. */
export function pictureOf({ pic, at }: { pic?: number | undefined; at: number }, { skew = 0, targetMs = 0 }: Clock): number {
  return pic ?? at - skew - BEHIND_TARGETS * targetMs;
}
