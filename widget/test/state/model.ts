import type { LiveRow, Page, Row, ServerFrame } from '@aside/server/protocol';

/** A server of one room that forgets nothing: what it was at every number can be asked again, however late. */
export type Model = {
  readonly head: number;
  /** Everybody's change. `pick` chooses the message it is about. */
  change(kind: Change, pick: number): void;
  at(rev: number): State;
  rows(from: number, to: number): RowsFrame;
  page(before: number, rev: number): Page;
  fresh(): Fresh;
  /** As a server says it that has heard everything up to `head`. */
  resumed(rev: number, low: number, head?: number): Fresh;
};
export type Change = 'say' | 'edit' | 'delete' | 'restore' | 'cut';
export type State = { rows: ReadonlyMap<number, Row>; first: number; n: number };
type RowsFrame = Extract<ServerFrame, { t: 'rows' }>;
type Fresh = Extract<ServerFrame, { t: 'reset' }>;

export const EPOCH = '0123456789abcdef';
const PAGE = 4;

export function createModel(): Model {
  const history: State[] = [{ rows: new Map(), first: 1, n: 0 }];
  const now = () => at(history.length - 1);
  const at = (rev: number): State => history[rev] ?? { rows: new Map(), first: 1, n: 0 };

  function change(kind: Change, pick: number): void {
    const { rows, first, n } = now();
    const rev = history.length;
    const known = [...rows.values()];
    const chosen = known[pick % known.length];
    const write = (row: Row) => history.push({ rows: new Map(rows).set(row.n, row), first, n: Math.max(n, row.n) });
    if (kind === 'say' || !chosen) write(live(n + 1, rev));
    else if (kind === 'cut') history.push({ rows: new Map([...rows].filter(([, row]) => row.n >= chosen.n)), first: chosen.n, n });
    else if (kind === 'delete') write({ n: chosen.n, rev, deleted: true });
    else write(live(chosen.n, rev));
  }

  function newest({ rows, first }: State, before: number): Pick<Page, 'rows' | 'more'> {
    const older = [...rows.values()].filter((row) => row.n < before && row.n >= first && !row.deleted).sort((a, b) => a.n - b.n);
    return { rows: older.slice(-PAGE), more: older.length > PAGE };
  }

  const rest = { you: { author: null, nick: null, avatar: null, role: 'reader' } as const, room: { id: 'p', title: null }, mine: {}, here: 1 };

  return {
    get head() { return history.length - 1; },
    change, at,
    rows(from, to) {
      const { rows, first } = at(to);
      const news = [...rows.values()].filter(({ rev }) => rev > from && rev <= to).sort((a, b) => a.rev - b.rev);
      return { t: 'rows', from, to, rows: news, ...(first === at(from).first ? {} : { first }), ...(from === 0 ? { epoch: EPOCH } : {}) };
    },
    page(before, rev) {
      const state = at(rev);
      return { ...newest(state, before), rev, n: state.n, first: state.first, epoch: EPOCH };
    },
    fresh() {
      const { first, n } = now();
      return { t: 'reset', ...rest, ...newest(now(), Number.POSITIVE_INFINITY), epoch: EPOCH, rev: history.length - 1, n, first, resumed: false };
    },
    resumed(rev, low, head = history.length - 1) {
      const { rows, first, n } = at(head);
      const news = [...rows.values()].filter((row) => row.rev > rev && row.n >= low).sort((a, b) => a.rev - b.rev);
      return { t: 'reset', ...rest, rows: news, more: false, epoch: EPOCH, rev: head, n, first, resumed: true };
    },
  };
}

function live(n: number, rev: number): LiveRow {
  return { n, rev, cid: `cid-of-message-${n}`, author: 'abcdefghijklmnop', nick: '여우', avatar: 'fox', text: `${n} as of ${rev}`, at: n };
}
