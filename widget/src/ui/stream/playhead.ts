import type { Message } from '../items.ts';

/** Where the words stand on the stream's clock, for one viewer at one moment. */
export type Playhead = {
  /** The picture time on the screen, in ms. */
  picture: number;
  /** How far the server's clock is ahead of the newest picture, and how long a segment is, in ms. */
  skew: number;
  targetMs: number;
};

/** Players stay about this many segments behind the newest. */
const BEHIND_TARGETS = 3;

/** The picture its author was seeing; of a message that does not say, what they probably were. */
function pictureOf({ pic, at }: Pick<Message, 'pic' | 'at'>, { skew, targetMs }: Playhead): number {
  return pic ?? at - skew - BEHIND_TARGETS * targetMs;
}

/** One's own words are there at once, and what is on its way; the others' when the picture has passed theirs. */
export function isDue(message: Pick<Message, 'pic' | 'at' | 'mine' | 'n'>, playhead: Playhead): boolean {
  return message.mine || message.n === null || pictureOf(message, playhead) <= playhead.picture;
}
