import type { Page } from '@aside/server/protocol';
import { drawWait } from '../net/backoff.ts';
import type { Link } from '../net/link.ts';
import { createAlarm } from './alarm.ts';
import type { Cell } from './cells.ts';

/** Dials in a row on which nobody spoke, until sockets are taken to be blocked. A server that speaks and lets nobody in must not be asked more. */
const BLOCKED_AFTER = 3;
const POLL_EVERY_MS = 5_000;

/**
 * Where no socket comes through, the newest page is read again and again in its place.
 * `works`: pages come. A server that is only away gives neither sockets nor pages.
 * `back`: pages come again after they did not, so the server was away and sockets may come too.
 */
export function openPoll(works: Cell<boolean>, ask: () => Promise<Page | null>, take: (page: Page) => void, back: () => void): { follow(link: Link): void } {
  const alarm = createAlarm(() => void read());
  let on = false;
  let turn = 0;
  let failed = 0;

  async function read(): Promise<void> {
    const mine = turn;
    const page = await ask();
    // Once the socket is live, or was live meanwhile, an answer to the old question could only bring back what was.
    if (mine !== turn) return;
    works.value = page !== null;
    if (page && failed > 0) back();
    failed = page ? 0 : failed + 1;
    if (page) take(page);
    // Whom a lost server left behind does not come back to it in step.
    alarm.set(Date.now() + POLL_EVERY_MS + (page ? 0 : drawWait(failed, Math.random())));
  }

  return {
    follow(link) {
      const blocked = 'unheard' in link && link.unheard >= BLOCKED_AFTER;
      if (blocked === on) return;
      on = blocked;
      turn += 1;
      failed = 0;
      works.value = false;
      alarm.set(on ? Date.now() : null);
    },
  };
}
