import type { Item, Outcome } from '../log/messages.ts';
import type { Moderators } from '../log/moderators.ts';
import type { Place } from '../protocol/index.ts';

/**
 * A ban from a whole site takes what was written in its other rooms too, and undoing it brings that back: room after room,
 * each its own change. False when something is left, which the same frame, sent again, finds.
 */
export async function spread(
  moderators: Pick<Moderators, 'placesOf' | 'placesEmptied'>, append: (place: Place, item: Item) => Promise<Outcome>, place: Place, item: Item, { act }: Extract<Outcome, { is: 'saved' }>,
): Promise<boolean> {
  if (item.do !== 'mod' || act === undefined) return true;
  const { by, cid } = item;
  try {
    const places = item.act === 'ban' && item.sweep ? await moderators.placesOf(place, item.who, act) : item.act === 'undo' ? await moderators.placesEmptied(place, item.of) : [];
    for (const other of places) {
      const outcome = await append(other, { do: 'mod', by, cid, act: item.act === 'undo' ? 'restore' : 'sweep', of: act });
      // What is refused stays so: the same again would be, for ever.
      if (outcome.is !== 'saved' && outcome.is !== 'refused') return false;
    }
    return true;
  } catch {
    return false;
  }
}
