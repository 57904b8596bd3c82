import type { Link } from '../net/link.ts';
import { createAlarm } from './alarm.ts';
import type { Cell } from './cells.ts';

/** Most losses are over before anybody could do something about them: they are told from here on only. */
const TOLD_AFTER_MS = 5_000;

/** `told` is true while there has been no socket for so long that the reader should know. */
export function openLapse(told: Cell<boolean>): { follow(link: Link): void } {
  const alarm = createAlarm(() => { told.value = true; });
  let lost = false;
  return {
    follow({ at }) {
      const was = lost;
      lost = at === 'dialing' || at === 'greeting' || at === 'waiting';
      if (lost === was) return;
      alarm.set(lost ? Date.now() + TOLD_AFTER_MS : null);
      told.value = false;
    },
  };
}
