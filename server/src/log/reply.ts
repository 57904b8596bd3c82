import { type Commit, keyOf, type RefusalCode, type RoomFacts, type Row } from '../protocol/index.ts';
import type { Item, Outcome } from './messages.ts';

/** What an append is asked, and what it answers: a commit for each room that changed, an outcome for each item. */
export type Batch = { site: string; post: string; items: (Item & { i: number })[] }[];
export type Reply = {
  rooms: { site: string; post: string; epoch: string; from: number; to: number; n: number; first: number; rows: Row[]; facts?: RoomFacts }[];
  outcomes: ({ i: number } & ({ n?: number; rev: number; dup?: true; act?: number; more?: boolean } | { held: true } | { code: RefusalCode; retryAfter?: number }))[];
};

/** As `append` answers: of a room's messages that are all new, `said` of them, neither rows nor outcomes. Those that were `approved` are numbered after them. */
export type BriefReply = Omit<Reply, 'rooms'> & { rooms: (Omit<Reply['rooms'][number], 'facts'> & { said: number; approved: number; at: number; facts: RoomFacts | null })[] };

/** With the rows and outcomes of what was new, which are the batch's own words under the next numbers. */
export function complete({ rooms, outcomes }: BriefReply, batch: Batch): Reply {
  const items = new Map(batch.map((room) => [keyOf(room), room.items]));
  const all = [...outcomes];
  const told = new Set(outcomes.map(({ i }) => i));
  return {
    rooms: rooms.flatMap(({ said, approved, at, facts, ...room }) => {
      const says = said === 0 ? [] : (items.get(keyOf(room)) ?? []).filter((item): item is Extract<typeof item, { do: 'say' }> => item.do === 'say' && !told.has(item.i));
      // Danger: a commit that lacks rows would hide them from everybody. Without it, and without outcomes, the log is asked.
      if (says.length !== said) return [];
      const before = room.n - said - approved;
      const changed = new Set(room.rows.map(({ n }) => n));
      const rows: Row[] = [];
      for (const [k, item] of says.entries()) {
        const [n, rev] = [before + k + 1, room.from + k + 1];
        all.push({ i: item.i, n, rev });
        if (!changed.has(n)) rows.push(rowOf(item, { n, rev, at, answers: item.re !== undefined && item.re >= room.first && item.re <= before }));
      }
      return [{ ...room, rows: [...rows, ...room.rows], ...(facts && { facts }) }];
    }),
    outcomes: all,
  };
}

/** As `row_json` has it. */
function rowOf({ cid, author, nick, avatar, text, pic, re, role }: Extract<Item, { do: 'say' }>, { n, rev, at, answers }: { n: number; rev: number; at: number; answers: boolean }): Row {
  return { n, rev, cid, author, nick, avatar, text, at, ...(pic !== undefined && { pic }), ...(answers && { re }), ...(role && { extra: { role } }) } as Row;
}

export function toCommit({ site, post, to, ...rest }: Reply['rooms'][number]): Commit {
  return { ...rest, place: { site, post }, rev: to };
}

/** `commit`: for the first item of its room. */
export function toOutcome(told: Reply['outcomes'][number], commit: Commit | null): Outcome {
  if ('code' in told) return { is: 'refused', code: told.code, ...(told.retryAfter !== undefined && { retryAfter: told.retryAfter }) };
  if ('held' in told) return { is: 'held' };
  const { n = null, rev, dup = false, act, more } = told;
  return { is: 'saved', n, rev, dup, commit, ...(act !== undefined && { act, more: more === true }) };
}
