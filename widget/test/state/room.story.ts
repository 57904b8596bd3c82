import type { Page, Row, ServerFrame } from '@aside/server/protocol';
import fc from 'fast-check';
import { openRoom, type Room } from '../../src/state/held.ts';
import { type RoomEvent, step } from '../../src/state/room.ts';
import { type Change, createModel, EPOCH, type Model } from './model.ts';

type Deed =
  | { do: 'change'; kind: Change; pick: number }
  /** More at once than a page may hold. */
  | { do: 'talk'; count: number }
  /** A frame that speaks of any span of the past: what was lost, doubled or overtaken looks like this. */
  | { do: 'hear'; from: number; span: number; parts: number }
  | { do: 'follow' }
  | { do: 'answer' } | { do: 'lose' } | { do: 'beat' } | { do: 'reset' }
  | { do: 'resume'; lag: number } | { do: 'return' }
  /** The newest page in place of a socket, at any time and however old. */
  | { do: 'poll'; age: number }
  | { do: 'turn'; age: number } | { do: 'arrive' } | { do: 'fail' }
  | { do: 'trim'; keep: number };

const small = fc.nat(12);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('change' as const), kind: fc.constantFrom<Change>('say', 'say', 'say', 'edit', 'delete', 'delete', 'restore', 'cut'), pick: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('talk' as const), count: fc.integer({ min: 2, max: 7 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('hear' as const), from: small, span: small, parts: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 4, arbitrary: fc.constantFrom<Deed>({ do: 'follow' }, { do: 'answer' }, { do: 'beat' }) },
  { weight: 4, arbitrary: fc.oneof(fc.record({ do: fc.constant('turn' as const), age: fc.integer({ min: -6, max: 6 }) }), fc.constant<Deed>({ do: 'arrive' })) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('poll' as const), age: fc.oneof(fc.constant(0), fc.nat(9)) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const), lag: fc.oneof(fc.constant(0), fc.nat(6)) }) },
  { weight: 1, arbitrary: fc.oneof(fc.constantFrom<Deed>({ do: 'lose' }, { do: 'reset' }, { do: 'return' }, { do: 'fail' }), fc.record({ do: fc.constant('trim' as const), keep: fc.integer({ min: 1, max: 8 }) })) },
);

/** A reader beside the model: what it asked for lies here until the story says that it is answered. */
class Reader {
  room: Room = openRoom(null, null);
  asked: number[] = [];
  pages: { id: number; page: Page }[] = [];
  turnedTo = 0;
  readonly model: Model;
  #ids = 0;

  constructor(model: Model) {
    this.model = model;
    this.frame(model.fresh());
  }

  event(event: RoomEvent): void {
    const [next, effects] = step(this.room, event);
    if (event.t !== 'frame' || event.frame.t !== 'reset') if (next.rev < this.room.rev) throw new Error(`goes back from ${this.room.rev} to ${next.rev}`);
    this.room = next;
    for (const effect of effects) if (effect.do === 'since') this.asked.push(effect.rev);
    this.check();
  }

  frame(frame: ServerFrame): void {
    this.event({ t: 'frame', frame });
  }

  hear(from: number, to: number, parts = 1): void {
    const whole = this.model.rows(from, to);
    const size = Math.max(1, Math.ceil(whole.rows.length / parts));
    for (let i = 0; i === 0 || i < whole.rows.length; i += size) {
      const more = i + size < whole.rows.length;
      this.frame({ ...whole, rows: whole.rows.slice(i, i + size), ...(more ? { more } : {}) });
    }
  }

  do(deed: Deed): void {
    const { model, room } = this;
    switch (deed.do) {
      case 'change': return model.change(deed.kind, deed.pick);
      case 'talk': {
        for (let i = 0; i < deed.count; i += 1) model.change('say', 0);
        return;
      }
      case 'hear': {
        const from = Math.min(model.head, Math.max(0, room.rev - 6 + deed.from));
        return this.hear(from, Math.min(model.head, from + deed.span), deed.parts);
      }
      case 'follow': return this.hear(room.rev, model.head);
      case 'answer': {
        const from = this.asked.shift();
        return from === undefined ? undefined : this.hear(from, model.head);
      }
      case 'lose': this.asked.shift(); return;
      case 'beat': return this.frame({ t: 'beat', rev: model.head });
      case 'reset': return this.frame(model.fresh());
      case 'resume': this.asked = []; return this.frame(model.resumed(room.rev, room.low, Math.max(room.rev, model.head - deed.lag)));
      case 'return': this.asked = []; return this.frame(model.fresh());
      case 'poll': return this.poll(model.page(Number.POSITIVE_INFINITY, Math.max(0, model.head - deed.age)));
      case 'turn': return this.turn(Math.min(model.head, Math.max(0, room.rev - deed.age)));
      case 'arrive': {
        const answer = this.pages.shift();
        return answer && this.event({ t: 'page', ...answer });
      }
      case 'fail': {
        const answer = this.pages.shift();
        return answer && this.event({ t: 'page', id: answer.id, page: null });
      }
      case 'trim': return this.event({ t: 'trim', keep: deed.keep });
    }
  }

  /** Asks for older rows; the page is read at `rev`, which may lie behind or ahead of what the reader has. */
  turn(rev: number): void {
    if (this.room.paging || this.room.low <= this.room.first) return;
    const id = this.#ids += 1;
    this.event({ t: 'paging', id });
    this.pages.push({ id, page: this.model.page(this.room.low, rev) });
    this.turnedTo = Math.max(this.turnedTo, rev);
  }

  /** After it the screen shows what the server has, as far as the page reaches, unless it knew better before; and nothing between is left out. */
  poll(page: Page): void {
    const known = Math.max(this.room.rev, ...[...this.room.rows.values()].map(({ rev }) => rev));
    this.event({ t: 'newest', page });
    const { rows, low, first, n } = this.room;
    if (page.rev <= known) return;
    if (n < page.n) throw new Error(`the page of ${page.rev} counts ${page.n}, the room ${n}`);
    const from = Math.max(low, page.more ? (page.rows[0]?.n ?? 0) : 0);
    const [held, said] = [rows.values(), page.rows].map((some) => JSON.stringify(shown(some).filter((row) => row.n >= from)));
    if (held !== said) throw new Error(`the page of ${page.rev} says ${said}, held is ${held}`);
    for (const row of this.model.at(page.rev).rows.values()) {
      const untouched = !row.deleted && !this.model.at(row.rev - 1).rows.has(row.n);
      if (untouched && row.n >= Math.max(low, first) && !rows.has(row.n) && !this.wasGone(row.n)) throw new Error(`message ${row.n} is left out at ${page.rev}`);
    }
  }

  /** P2, P3: what is held is never behind the number it claims, and no deleted word stands on the screen. */
  check(): void {
    const { rows, first } = this.model.at(this.room.rev);
    for (const row of rows.values()) {
      if (row.n < Math.max(this.room.low, first)) continue;
      const held = this.room.rows.get(row.n);
      if (held ? held.rev < row.rev : !row.deleted && !this.wasGone(row.n)) throw new Error(`at ${this.room.rev}, message ${row.n} of ${row.rev} is held as of ${held?.rev}`);
    }
    for (const { n } of this.room.rows.values()) if (n < this.room.first || n < this.room.low) throw new Error(`message ${n} is kept below ${this.room.first} and ${this.room.low}`);
  }

  /** A page from ahead of the reader's number leaves out what will be deleted by then. */
  wasGone(n: number): boolean {
    for (let rev = this.room.rev + 1; rev <= this.turnedTo; rev += 1) if (this.model.at(rev).rows.get(n)?.deleted) return true;
    return false;
  }

  /** The rest of the promise: in quiet everything arrives, and scrolling up brings all of it. */
  settle(): void {
    for (let i = 0; i < 200; i += 1) {
      while (this.pages.length > 0) this.do({ do: 'arrive' });
      this.asked = this.asked.slice(-1);
      while (this.asked.length > 0) this.do({ do: 'answer' });
      this.do({ do: 'beat' });
      if (this.asked.length > 0) continue;
      if (this.room.rev !== this.model.head) throw new Error(`stays at ${this.room.rev} of ${this.model.head}`);
      if (!this.room.paging && this.room.low <= this.room.first) return;
      if (!this.room.paging) this.turn(this.model.head);
    }
    throw new Error('never comes to rest');
  }
}

const shown = (rows: Iterable<Row>) => [...rows].filter((row) => !row.deleted).sort((a, b) => a.n - b.n);

/** Snapshot, frames and pages make a fresh snapshot, however they come (P2, P3, P10, P11, P13). */
export const converges = fc.property(fc.array(deed, { maxLength: 50 }), (story) => {
  const model = createModel();
  for (let i = 0; i < 9; i += 1) model.change('say', 0);
  const reader = new Reader(model);
  for (const one of story) reader.do(one);
  reader.settle();
  return reader.room.epoch === EPOCH && reader.room.first === model.at(model.head).first
    && JSON.stringify(shown(reader.room.rows.values())) === JSON.stringify(shown(model.at(model.head).rows.values()));
});
