import type { RefusalCode, Row } from '../../src/protocol/index.ts';
import type { StoredRow } from './history.ts';

/** A broken promise. `client`, `socket` and `when` point into the history. */
export type Violation = { room: string } & (
  | BrokenAnswer
  | BrokenLog
  | ({ client: string; socket: number; when: number } & BrokenFrame)
  | BrokenSight
  | ({ client: string } & BrokenView)
);
export type ViolationKind = Violation['kind'];

/** What a writer was told, against what the database holds. */
export type BrokenAnswer =
  | { kind: 'lost'; client: string; cid: string; n: number | undefined }
  | { kind: 'doubled_ok'; client: string; cid: string; ns: number[] }
  | { kind: 'shared_number'; n: number; cids: string[] }
  | { kind: 'wrong_number'; client: string; cid: string; told: number; stored: number }
  | { kind: 'refused_but_saved'; client: string; cid: string; code: RefusalCode; n: number }
  | { kind: 'conflict'; client: string; cid: string }
  | { kind: 'stray_answer'; client: string; cid: string; t: 'ok' | 'no' | 'wait' }
  | { kind: 'unsettled'; client: string; cid: string; sends: number }
  | { kind: 'text_changed'; client: string; cid: string; n: number; sent: string; stored: string }
  | { kind: 'author_changed'; client: string; cid: string; n: number; told: string | null; stored: string }
  | { kind: 'reply_changed'; client: string; cid: string; n: number; sent: number | null; stored: number | null }
  | { kind: 'change_lost'; client: string; cid: string; n: number; change: 'edit' | 'delete' }
  | { kind: 'deleted_unasked'; n: number; cid: string }
  | { kind: 'out_of_order'; earlier: string; n: number; later: string; laterN: number; by: 'ok' | 'sight' };

/** What the database holds, against itself. */
export type BrokenLog =
  | { kind: 'doubled_row'; cid: string; ns: number[] }
  | { kind: 'hole'; n: number }
  | { kind: 'rev_reused'; rev: number; ns: number[] }
  | { kind: 'rev_above_room'; n: number; rev: number; head: number }
  | { kind: 'head_differs'; head: number; newest: number }
  | { kind: 'foreign_row'; n: number; cid: string }
  | { kind: 'at_backwards'; n: number; at: number; before: number };

/** One frame, against the socket it came on. */
export type BrokenFrame =
  | { kind: 'before_welcome'; t: string }
  | { kind: 'welcome_twice' }
  | { kind: 'resumed_unasked' }
  | { kind: 'too_big'; bytes: number }
  | { kind: 'secret_shown'; of: string }
  | { kind: 'unreadable'; text: string }
  | { kind: 'row_disorder'; by: 'n' | 'rev'; row: Row }
  | { kind: 'row_twice'; n: number }
  | { kind: 'row_above'; row: Row; to: number }
  | { kind: 'row_outside'; row: Row; from: number }
  | { kind: 'row_missing'; from: number; to: number; row: StoredRow }
  | { kind: 'row_below_first'; row: Row; first: number }
  | { kind: 'first_backwards'; first: number; before: number }
  | { kind: 'gap_left'; rev: number; from: number }
  | { kind: 'gap_accepted'; rev: number; from: number }
  | { kind: 'went_backwards'; rev: number; before: number }
  | { kind: 'epoch_changed'; epoch: string; before: string }
  | { kind: 'undeleted'; row: Row; deletedAt: number }
  | { kind: 'deleted_on_page'; n: number }
  | { kind: 'deleted_with_words'; row: Row };

/** What was shown to one, against what was shown to others and against the database. */
export type BrokenSight =
  | { kind: 'disagree'; n: number; members: string[]; clients: [string, string]; rows: [Row, Row] }
  | { kind: 'renumbered'; cid: string; ns: [number, number]; clients: [string, string] }
  | { kind: 'phantom'; client: string; row: Row }
  | { kind: 'unsaved_change'; client: string; row: Row; stored: StoredRow }
  | { kind: 'shown_differs'; client: string; row: Row; stored: StoredRow; members: string[] };

/** What a client shows when all is quiet. */
export type BrokenView =
  | { kind: 'view_stale'; rev: number; head: number }
  | { kind: 'view_misses'; row: StoredRow }
  | { kind: 'view_differs'; row: Row; stored: StoredRow | null; members: string[] };
