import type { Place, RefusalCode, Stamp } from '../protocol/index.ts';
import type { Shape } from './shape.ts';

/** Words on their way, and who sends them. */
export type Saying = {
  place: Place;
  author: string;
  cid: string;
  text: string;
  shape: Shape;
  stamp?: string;
  /** An edit takes no turn and waits for nobody. */
  isNew: boolean;
  rank: Rank;
};
/** A moderator; somebody who spoke here before, or was here before the shield rose; anybody else. */
export type Rank = 'house' | 'known' | 'new';
export type Ruling = { is: 'pass' } | { is: 'hold' } | No;
export type No = { is: 'no'; code: RefusalCode; retryAfter?: number; stamp?: Stamp };
export const PASS: Ruling = { is: 'pass' };
