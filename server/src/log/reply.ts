import type { Commit, RefusalCode, Row } from '../protocol/index.ts';
import type { Item, Outcome } from './messages.ts';

/** What an append is asked, and what it answers: a commit for each room that changed, an outcome for each item. */
export type Batch = { site: string; post: string; items: (Item & { i: number })[] }[];
export type Reply = {
  rooms: { site: string; post: string; epoch: string; from: number; to: number; n: number; first: number; rows: Row[] }[];
  outcomes: ({ i: number } & ({ n: number; rev: number; dup?: true } | { held: true } | { code: RefusalCode }))[];
};

export function toCommit({ site, post, to, ...rest }: Reply['rooms'][number]): Commit {
  return { ...rest, place: { site, post }, rev: to };
}

/** `commit`: for the first item of its room. */
export function toOutcome(told: Reply['outcomes'][number], commit: Commit | null): Outcome {
  if ('code' in told) return { is: 'refused', code: told.code };
  if ('held' in told) return { is: 'held' };
  return { is: 'saved', n: told.n, rev: told.rev, dup: told.dup ?? false, commit };
}
