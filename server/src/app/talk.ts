import type { Config } from '../config.ts';
import { createHook } from '../http/hook.ts';
import type { Log } from '../log/messages.ts';
import type { Commit } from '../protocol/index.ts';
import type { Allowance } from '../room/allowance.ts';
import type { Lexicon } from '../room/lexicon.ts';
import type { Rooms } from '../room/rooms.ts';
import { createScreen } from '../room/screen.ts';
import { createShield, NO_SHIELD, type Shield } from '../room/shield.ts';
import { createStamps } from '../room/stamp.ts';
import { createTalk, type Talk } from '../room/talk.ts';

type Means = { log: Log; rooms: Pick<Rooms, 'open' | 'find'>; publish: (commit: Commit) => void; allowance: Allowance; lexicon: Lexicon; now: () => number; ask: typeof fetch };

/** What words go through, wired from the settings. */
export function openTalk(config: Config, { log, rooms, publish, allowance, lexicon, now, ask }: Means): { talk: Talk; shield: Shield } {
  const clock = (): number => Date.now();
  const hook = config.HOOK_URL === '' ? null : createHook(config.HOOK_URL, config.HOOK_SECRET, config.HOOK_FAILS === 'open', ask);
  const shield = config.SHIELD === 'off' ? NO_SHIELD : createShield({
    rooms: () => rooms.open, find: rooms.find, now, clock,
    async append(place, item) {
      const outcome = await log.append(place, item);
      if (outcome.is === 'saved' && outcome.commit) publish(outcome.commit);
    },
  });
  const screen = createScreen({ now, clock, stamps: createStamps(config.IDENTITY_SECRET[0] ?? ''), findWord: lexicon.find, hook, repeatS: config.REPEAT_SECONDS });
  return { talk: createTalk({ screen, allowance, shield, log, clock }), shield };
}
