import { type Place, type Rules, rulesNow } from '../protocol/index.ts';
import { doors } from './phases/doors.ts';
import { createFlood } from './phases/flood.ts';
import { links } from './phases/links.ts';
import { createSlow } from './phases/slow.ts';
import { standing } from './phases/standing.ts';
import { type No, PASS, type Ruling, type Saying } from './saying.ts';
import type { Stamps } from './stamp.ts';

/**
 * What words go through before they are saved, in this order: rate → doors → slow mode → flood → word list → links → standing → hook → capacity.
 * A phase decides by what it is given and changes nothing; the first that objects ends it, and says what to change.
 */
export type Screen = { judge(saying: Saying, ask: Ask): Promise<Ruling>; /** Nothing of one person stays in memory. */ forget(place: Place, author: string): void };

/** What the decisions stand on. */
export type Ask = { rules: Rules; /** When the newest message was said. */ lastAt: number | null; /** Takes a turn of the sender's. */ rate: () => No | null; /** The same of the room's. */ capacity: () => No | null };
export type ScreenDeps = {
  now: () => number;
  /** The wall's: rules and stamps speak of it. */
  clock: () => number;
  stamps: Stamps;
  /** The word of a site's lists that stands in the text. */
  findWord: (site: string, text: string) => Promise<string | null>;
  hook: ((saying: Saying) => Promise<Ruling>) | null;
  /** The same words of one person again within so many seconds are once too often. */
  repeatS: number;
};

export function createScreen({ now, clock, stamps, findWord, hook, repeatS }: ScreenDeps): Screen {
  const flood = createFlood(now, repeatS * 1_000);
  const slow = createSlow(now);
  return { judge, forget };

  function forget(place: Place, author: string): void {
    flood.forget(place, author);
    slow.forget(place, author);
  }

  async function judge(saying: Saying, ask: Ask): Promise<Ruling> {
    const rules = rulesNow(ask.rules, ask.lastAt, clock());
    const house = saying.rank === 'house';
    const refusal = ask.rate()
      ?? (house ? null : doors(saying, rules) ?? slow.look(saying, rules) ?? flood.look(saying) ?? (await word(saying)) ?? links(saying, rules));
    if (refusal) return refusal;
    const ruling = house ? PASS : standing(saying, rules, stamps, clock());
    if (ruling.is === 'no') return ruling;
    const hooked = hook && !house ? await hook(saying) : PASS;
    if (hooked.is === 'no') return hooked;
    if (hooked.is === 'hold' && !saying.isNew) return { is: 'no', code: 'unwanted' };
    // Others of the same person may have been let through while this one waited; from here to the notes nothing waits.
    const late = house ? null : slow.look(saying, rules) ?? flood.look(saying);
    if (late) return late;
    const full = ask.capacity();
    if (full) return full;
    slow.note(saying);
    flood.note(saying);
    return ruling.is === 'hold' ? ruling : hooked;
  }

  async function word({ place, text }: Saying): Promise<No | null> {
    return (await findWord(place.site, text)) === null ? null : { is: 'no', code: 'bad_word' };
  }
}
