import { dress } from './dress.ts';
import rules from './icon.css?inline';

dress(rules);

/** All icons are strokes on a ground of 24 × 24; the button says what they mean. */
export function Icon({ d }: { d: string }) {
  return <svg viewBox="0 0 24 24" aria-hidden="true"><path d={d} /></svg>;
}

export const CROSS = 'm6.5 6.5 11 11M17.5 6.5l-11 11';
export const REPLY = 'M9 7 4.5 11.5 9 16M5 11.5h8.5a6 6 0 0 1 6 6';
