import type { Bus } from '../bus/bus.ts';
import type { Privacy } from '../log/privacy.ts';
import type { Tell } from './act.ts';
import type { Holder } from './ticket.ts';

export type Erased = { rooms: number; messages: number; reactions: number; held: number };

/**
 * Takes back all that somebody wrote in a site: room after room, step by step, each told to everybody as any change is.
 * What fails halfway is finished by asking again; what is erased stays so.
 */
export async function erase({ privacy, bus, desk }: { privacy: Privacy; bus: Pick<Bus, 'publish'>; desk: Pick<Tell, 'forget' | 'ring'> }, { site, ...ids }: Holder): Promise<Erased> {
  const erased: Erased = { rooms: 0, messages: 0, reactions: 0, held: 0 };
  await privacy.note(site, ids);
  for await (const room of privacy.rooms(site, ids)) {
    const place = { site, post: room.post };
    for (let more = true; more; ) {
      const step = await privacy.eraseStep(room, ids);
      if (step.commit) bus.publish(step.commit);
      if (step.held > 0) desk.ring(place);
      erased.messages += step.messages;
      erased.reactions += step.reactions;
      erased.held += step.held;
      more = step.more;
    }
    for (const author of [ids.author, ids.was]) if (author !== undefined) desk.forget(place, author);
    erased.rooms += 1;
  }
  await privacy.eraseMarks(site, ids);
  await privacy.note(site, ids);
  return erased;
}
