import type { LiveRow, Row } from '@aside/server/protocol';
import type { Around } from '../../state/far.ts';
import type { Holder, Store } from '../../state/store.ts';
import { listMessages, type Message } from '../items.ts';
import type { Scene } from '../scene.ts';
import { createLineup, type Standing } from './lineup.ts';
import { type Clock, pictureOf } from './playhead.ts';
import { floorOf, isBefore, isWithin, nextAsk, type Span, takePage } from './span.ts';

/** The words on the picture's clock: those of its past come in pages, and all of them in order of their pictures. */
export type Replay = Holder & {
  /** The picture stands here now: what it needs next is asked for. */
  follow(picture: number): void;
  /** What has been said by this picture; null before anything can be told of it. The same list while nothing changed. */
  messages(): readonly Message[] | null;
  /** The newest number among them. */
  newest(): number;
};

const ASK_EVERY_MS = 1_000;
const REST_MS = 3_000;
/** All viewers of an origin lose it, and us, at one moment. */
const REST_SPREAD_MS = 3_000;
/** Rows of pages: so many are kept above the end, and so many wherever the reader is. */
const KEEP_ROWS = 400;
const KEEP_ROWS_AT_MOST = 4_000;

export function createReplay(scene: Scene, store: Store): Replay {
  const { view, reader } = scene;
  const lineUp = createLineup();
  /** Own words said here stand where the picture was when they were sent, not when their first letter was typed. */
  const said = new Map<string, number>();
  let picture = 0;
  let span: Span | null = null;
  /** What came in pages; the rest of `far` is quoted, and says nothing of what lies beside it. */
  let paged = new Set<number>();
  let age = store.far.age();
  let low = view.room.value.low;
  let begun = false;
  let older = false;
  let asking = false;
  let restUntil = 0;
  let all: { from: readonly unknown[]; standing: Standing[]; waiting: Message[] } | null = null;
  let shown: { of: Standing[]; waiting: Message[]; due: number; messages: Message[] } | null = null;

  const facts = () => view.room.value.facts?.stream;
  const clock = (): Clock => facts() ?? {};
  const floor = (): number => floorOf({ ...view.room.value, rows: view.room.value.rows.values() }, facts()?.to, clock());

  function follow(now: number): void {
    picture = now;
    const least = floor();
    // Forgotten, or let go by number: nobody can say any more that all of it is here.
    if (store.far.age() !== age || view.room.value.low > low) drop();
    age = store.far.age();
    low = view.room.value.low;
    if (span && picture >= least && !isWithin(span, picture, least)) drop();
    if (paged.size > KEEP_ROWS_AT_MOST) trim();
    const { standing } = list();
    const due = dueOf(standing);
    const wanted = nextAsk(span, { picture, floor: least, behind: due, ahead: standing.length - due, older });
    older &&= wanted?.until !== undefined;
    begun ||= wanted === null;
    if (wanted && !asking && Date.now() >= restUntil && (view.link.value.at === 'live' || view.polling.value)) void ask(wanted);
  }

  async function ask(wanted: Around): Promise<void> {
    asking = true;
    restUntil = Date.now() + ASK_EVERY_MS;
    const page = await store.far.read(wanted);
    asking = false;
    older = false;
    if (!page) {
      restUntil = Date.now() + REST_MS + Math.random() * REST_SPREAD_MS;
      return;
    }
    const before = paged;
    const fresh = wanted.after === undefined && wanted.until === undefined;
    span = takePage(fresh ? null : span, wanted, page, clock());
    paged = new Set([...(fresh ? [] : before), ...page.rows.map(({ n }) => n)]);
    age = store.far.age();
    begun = true;
    if (fresh) store.far.forget(new Set([...before].filter((n) => !paged.has(n))));
  }

  function drop(): void {
    span = null;
    store.far.forget(paged);
    paged = new Set();
  }

  /** The oldest go while the reader is at the end. */
  function trim(): void {
    const { standing } = list();
    const first = standing[dueOf(standing) - KEEP_ROWS / 2];
    const { n } = first?.message ?? {};
    if (!span || !first || typeof n !== 'number' || paged.size <= KEEP_ROWS) return;
    const from = { pic: first.pic, n };
    const gone = new Set([...paged].filter((n) => {
      const row = view.far.value.get(n);
      return !row || row.deleted || isBefore({ pic: pictureOf(row, clock()), n }, from);
    }));
    span = { ...span, from };
    paged = new Set([...paged].filter((n) => !gone.has(n)));
    store.far.forget(gone);
  }

  function rowsOf(): Map<number, Row> {
    const { rows } = view.room.value;
    const { from } = span ?? {};
    const paging = [...paged].flatMap((n) => view.far.value.get(n) ?? []);
    const held = new Map<number, Row>([...paging.map((row) => [row.n, row] as const), ...rows]);
    return from ? new Map([...held].filter(([n, row]) => !row.deleted && !isBefore({ pic: pictureOf(row as LiveRow, clock()), n }, from))) : held;
  }

  /** Everything that may be shown, in order of its picture, and what is on its way. */
  function list(): { standing: Standing[]; waiting: Message[] } {
    const from = [view.room.value.rows, view.far.value, view.outbox.value, reader.author.value, reader.me.value.nick, view.deeds.value, view.room.value.mine, reader.hides.value, span, paged, facts()];
    if (all && from.every((one, i) => one === all?.from[i])) return all;
    for (const { say } of view.outbox.value) if (!said.has(say.cid)) said.set(say.cid, picture);
    const messages = listMessages(rowsOf(), view.outbox.value, reader.author.value, reader.me.value.nick, view.deeds.value, view.room.value.mine, view.far.value, reader.hides.value);
    const standing = messages.flatMap((message): Standing[] => (message.n === null ? [] : [{ message, pic: said.get(message.key) ?? pictureOf(message, clock()) }]));
    standing.sort((a, b) => a.pic - b.pic || (a.message.n ?? 0) - (b.message.n ?? 0));
    all = { from, standing, waiting: messages.filter(({ n }) => n === null) };
    return all;
  }

  function dueOf(standing: readonly Standing[]): number {
    let [from, to] = [0, standing.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((standing[middle]?.pic ?? 0) <= picture) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  return {
    follow, trim,
    older() {
      if (!span && picture >= floor()) return false;
      older = true;
      return true;
    },
    // Of a recording nothing is new: whoever watches has not missed it.
    newest: () => (facts()?.to === undefined ? Math.max(0, ...(shown?.messages ?? []).map(({ n }) => n ?? 0)) : view.room.value.n),
    messages() {
      if (!begun) return null;
      const { standing, waiting } = list();
      const due = dueOf(standing);
      if (shown?.of !== standing || shown.waiting !== waiting || shown.due !== due) shown = { of: standing, waiting, due, messages: [...lineUp(standing.slice(0, due)), ...waiting] };
      return shown.messages;
    },
  };
}
