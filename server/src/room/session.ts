import {
  type Avatar, type Change, CloseCode, type ClientFrame, type Hello, HELLO_WITHIN_MS, type HelloPart, NICK_MAX_GRAPHEMES, NICK_MIN_GRAPHEMES,
  OLD_TELL_S, PAGE_ROWS, parseClientFrame, type RefusalCode, refusals, SILENT_CLIENT_MS, SINCE_EVERY_MS, type ServerFrame, TEXT_MAX_GRAPHEMES,
  TYPING_EVERY_MS, WHO_EVERY_MS, WHO_MAX_NAMES, type You,
} from '../protocol/index.ts';
import { act, type ActDeps } from './act.ts';
import type { Allowance } from './allowance.ts';
import { frame, freshFrame, rowsFrames } from './frames.ts';
import type { Identity } from './identity.ts';
import type { Position, Positions } from './position.ts';
import type { Pulse } from './pulse.ts';
import { type Bucket, owe, spend } from './quota.ts';
import type { Encode, Member, Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import type { Seats } from './seats.ts';
import type { Typing } from './typing.ts';

/** One connection's life: greeting → entering → live → gone. Frame in, frame out. */
export type Line = {
  write(bytes: Uint8Array): void;
  /** The socket holds bytes that the reader did not take yet. */
  readonly full: boolean;
  /** Bytes the reader took so far. */
  readonly taken: number;
  /** Bytes the reader has still to take. */
  readonly unsent: number;
  end(code: CloseCode, reason: string): void;
  /** At once: a close frame would wait behind what the reader does not take. */
  cut(): void;
};
export type House = ActDeps & {
  rooms: Rooms; positions: Positions; identity: Identity; allowance: Allowance; seats: Seats; pulse: Pulse; typing: Typing;
  encode: Encode; now: () => number; meter: Meter;
};
export type Meter = { refused(code: RefusalCode): void; resumed(kind: 'resumed' | 'fresh' | 'reset'): void; cut(reason: string): void };

const EARLY_FRAMES = 16;
const BAD_FRAMES = 5;
const BAD_FRAMES_WITHIN_MS = 60_000;
const FLOOD_OWES_MS = 10_000;
const UNSENT_MAX_BYTES = 1024 * 1024;
const STUCK_MS = 30_000;
const RESETTING = Number.MAX_SAFE_INTEGER;

export class Session implements Member {
  at = RESETTING;
  nick: string | null = null;
  avatar: Avatar | null = null;
  #house: House;
  #line: Line;
  #address: string;
  #sandboxed: boolean;
  #room: Room | null = null;
  #ids: { author: string; was?: string } | null = null;
  #early: string[] | null = null;
  #greeted = false;
  #gone = false;
  #bornAt: number;
  #heardAt: number;
  #frames: Bucket;
  #badAt: number[] | null = null;
  #sinceAt = Number.NEGATIVE_INFINITY;
  #typingAt = Number.NEGATIVE_INFINITY;
  #whoAt = Number.NEGATIVE_INFINITY;
  #behind = false;
  #stuckSince = 0;
  #stuckTaken = 0;
  #unpulse: () => void;
  #unseat: (() => void) | null = null;

  constructor(house: House, line: Line, from: { address: string; sandboxed: boolean }) {
    this.#house = house;
    this.#line = line;
    this.#address = from.address;
    this.#sandboxed = from.sandboxed;
    this.#bornAt = this.#heardAt = house.now();
    this.#frames = { level: house.allowance.frames.burst, at: this.#bornAt };
    this.#unpulse = house.pulse.expect(this, HELLO_WITHIN_MS);
  }

  get author(): string | null { return this.#ids?.author ?? null; }
  get full(): boolean { return this.#line.full; }

  /** A text frame came in. */
  hear(text: string): void {
    if (this.#gone) return;
    this.#heardAt = this.#house.now();
    if (this.#early) {
      if (this.#early.length < EARLY_FRAMES) this.#early.push(text);
      return;
    }
    const parsed = parseClientFrame(text);
    const wait = spend(this.#frames, this.#house.allowance.frames, this.#heardAt);
    if (wait > 0) {
      // A frame that comes regardless is owed too: who never rests hears longer waits, and is soon sent away.
      const owed = wait + owe(this.#frames, this.#house.allowance.frames);
      this.#refuse('rate', parsed.ok ? cidOf(parsed.frame) : parsed.cid, owed);
      if (owed > FLOOD_OWES_MS) this.#end(CloseCode.rateLimited, 'rate_limited');
    } else if (!parsed.ok) this.#misheard(parsed.code, parsed.cid);
    else if (parsed.frame.t === 'hello') void this.#greet(parsed.frame);
    else if (!this.#room) this.#misheard('hello_first', cidOf(parsed.frame));
    else this.#do(this.#room, parsed.frame);
  }

  /** A binary frame, or bytes that are not text. */
  hearNoise(): void {
    this.#misheard('bad_frame');
  }

  /** The socket took everything: what was skipped meanwhile follows. */
  drained(): void {
    this.#room?.catchUp(this);
  }

  /** The connection is closed, by whomever. Twice is once. */
  leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#unpulse();
    this.#unseat?.();
    this.#room?.leave(this);
  }

  write(bytes: Uint8Array): void {
    this.#line.write(bytes);
    if (this.#line.full && this.#line.unsent > UNSENT_MAX_BYTES) this.#cut('unsent');
  }

  overdue(): void {
    if (!this.#greeted) this.#end(CloseCode.helloTimeout, 'hello_timeout');
  }

  beat(now: number): void {
    if (this.#line.full) return this.#checkStuck(now);
    this.#stuckSince = 0;
    if (now - this.#heardAt > SILENT_CLIENT_MS) return this.#end(CloseCode.heartbeat, 'heartbeat');
    const old = Math.floor((now - this.#house.rooms.comparedAt) / 1_000);
    const rev = this.at === RESETTING ? 0 : this.at;
    this.#send(old > OLD_TELL_S ? { t: 'beat', rev, old } : { t: 'beat', rev });
  }

  fallBehind(): void {
    if (this.#behind || !this.#room) return;
    this.#behind = true;
    const at = { epoch: this.#room.tail.head.epoch, rev: this.at };
    void this.#place(this.#room, this.#house.positions.resume(this.#room, at)).finally(() => { this.#behind = false; });
  }

  /** The room's numbers start anew: another database behind it. Nothing is written until the reset is out. */
  async startOver(): Promise<void> {
    if (!this.#room) return;
    this.at = RESETTING;
    await this.#place(this.#room, this.#house.positions.newest(this.#room));
  }

  /** The server is about to stop. */
  dismiss(code: CloseCode, reason: string, after: [number, number]): void {
    if (this.#gone) return;
    this.#send({ t: 'bye', code, reason, after });
    this.#end(code, reason);
  }

  async #greet(hello: Hello): Promise<void> {
    if (this.#greeted) return this.#misheard('hello_twice');
    this.#greeted = true;
    const { house, place } = { house: this.#house, place: { site: hello.site, post: hello.room } };
    const dropped: HelloPart[] = hello.dropped;
    if (hello.id) this.#ids = house.identity.publicId(hello.site, hello.id);
    this.nick = hello.nick ?? null;
    this.avatar = hello.avatar ?? null;
    const seat = house.seats.take(this.author, place);
    if (!seat) return this.#end(CloseCode.tooMany, 'too_many');
    this.#unseat = seat;
    this.#early = [];
    try {
      const room = await house.rooms.enter(place);
      const position = await house.positions.resume(room, hello.at);
      const mine = await house.positions.mine(place, this.#ids, position.kept).catch(() => ({}));
      if (this.#gone) return;
      this.#welcome(room, position, mine, dropped, hello.at?.rev ?? 0);
    } catch {
      // The log does not answer and the room is not open here: another server may know it, or this one later.
      this.dismiss(CloseCode.overloaded, 'store_down', [2_000, 10_000]);
    }
  }

  #welcome(room: Room, position: Position, mine: object, dropped: HelloPart[], from: number): void {
    this.#room = room;
    this.at = position.head.rev;
    room.join(this);
    const { kept, resumed, more, facts, head } = position;
    const rest = {
      v: 1, you: this.#you(), room: facts, resumed, more, mine, here: room.presence.count,
      limits: { text: TEXT_MAX_GRAPHEMES, nick: [NICK_MIN_GRAPHEMES, NICK_MAX_GRAPHEMES], page: PAGE_ROWS },
      ...(dropped.length > 0 ? { dropped } : {}),
    };
    const frames = resumed ? rowsFrames({ from, to: head.rev }, kept) : [];
    // More than one frame holds: welcome at the number the reader has, and the changes follow at once.
    if (frames.length > 1) {
      this.#write(freshFrame('welcome', { ...head, rev: from }, [], rest));
      for (const text of frames) this.#write(text);
    } else this.#write(freshFrame('welcome', head, kept, rest));
    this.#house.meter.resumed(resumed ? 'resumed' : 'fresh');
    this.#unpulse();
    this.#unpulse = this.#house.pulse.add(this);
    room.catchUp(this);
    const early = this.#early ?? [];
    this.#early = null;
    for (const text of early) this.hear(text);
  }

  /** Brings the reader to a position: by the changes it misses, or by a reset. */
  async #place(room: Room, coming: Promise<Position>): Promise<void> {
    const from = this.at;
    try {
      const position = await coming;
      const mine = position.resumed ? {} : await this.#house.positions.mine(room.place, this.#ids, position.kept).catch(() => ({}));
      if (this.#gone || (this.at !== from && from !== RESETTING)) return;
      this.at = position.head.rev;
      const { head, kept, facts, more } = position;
      if (position.resumed) for (const text of rowsFrames({ from, to: head.rev, room: facts, first: head.first }, kept)) this.#write(text);
      else {
        this.#write(freshFrame('reset', head, kept, { you: this.#you(), room: facts, resumed: false, more, mine, here: room.presence.count }));
        this.#house.meter.resumed('reset');
      }
      room.catchUp(this);
    } catch {
      // The log does not answer. The reader stays where it is; the next pass, or its own return, tries again.
      if (from === RESETTING) this.dismiss(CloseCode.overloaded, 'store_down', [2_000, 10_000]);
    }
  }

  #do(room: Room, asked: Exclude<ClientFrame, Hello>): void {
    const now = this.#house.now();
    switch (asked.t) {
      case 'pong': return;
      case 'nick': return this.#rename(room, asked);
      case 'say': case 'edit': case 'delete': case 'react': return this.#change(room, asked);
      case 'since':
        if (this.#behind || this.at === RESETTING || now - this.#sinceAt < SINCE_EVERY_MS) return;
        this.#sinceAt = now;
        this.at = asked.rev;
        if (asked.rev > room.tail.head.rev) void this.startOver();
        else room.catchUp(this);
        return;
      case 'typing':
        if (!this.author || this.nick === null || now - this.#typingAt < TYPING_EVERY_MS) return;
        this.#typingAt = now;
        return this.#house.typing.note(room, this.author);
      case 'who':
        if (now - this.#whoAt < WHO_EVERY_MS) return;
        this.#whoAt = now;
        return this.#send({ t: 'names', names: room.presence.names(WHO_MAX_NAMES, room.members) });
    }
  }

  #change(room: Room, change: Change): void {
    const house = this.#house;
    if (!this.#ids) return this.#refuse('nick_needed', change.cid);
    const refusal = house.allowance.refuse(
      { author: this.#ids.author, address: this.#address, sandboxed: this.#sandboxed, sinceMs: house.now() - this.#bornAt }, room.place, change);
    if (refusal) return this.#refuse(refusal.code, change.cid, refusal.retryAfter);
    void act(house, { ids: this.#ids, nick: this.nick, avatar: this.avatar }, room.place, change).then((answer) => {
      if (answer.t === 'no') house.meter.refused(answer.code);
      if (!this.#gone) this.#send(answer);
    });
  }

  #rename(room: Room, { nick, avatar, id }: Extract<ClientFrame, { t: 'nick' }>): void {
    if (id !== undefined) {
      const ids = this.#house.identity.publicId(room.place.site, id);
      if (this.#ids && this.#ids.author !== ids.author) return this.#refuse('identity');
      if (!this.#ids) {
        const seat = this.#house.seats.take(ids.author, room.place);
        if (!seat) return this.#end(CloseCode.tooMany, 'too_many');
        this.#unseat?.();
        this.#unseat = seat;
        room.leave(this);
        this.#ids = ids;
        room.join(this);
      }
    }
    this.nick = nick;
    this.avatar = avatar;
    this.#send({ t: 'you', ...this.#you() });
  }

  #you(): You {
    return { author: this.author, nick: this.nick, avatar: this.avatar, role: 'reader' };
  }

  #misheard(code: RefusalCode, cid?: string): void {
    this.#refuse(code, cid);
    if (code === 'bad_version') return this.#end(CloseCode.version, 'version');
    // Words and names that can be mended are a person's; only frames no program of ours sends are counted.
    if (refusals[code] !== 'stop') return;
    const now = this.#house.now();
    this.#badAt = [...(this.#badAt ?? []).filter((at) => now - at < BAD_FRAMES_WITHIN_MS), now];
    if (this.#badAt.length >= BAD_FRAMES) this.#end(CloseCode.badRequest, 'bad_request');
  }

  #refuse(code: RefusalCode, cid?: string, retryAfter?: number): void {
    this.#house.meter.refused(code);
    this.#send({ t: 'no', ...(cid === undefined ? {} : { cid }), code, ...(retryAfter === undefined ? {} : { retryAfter }) });
  }

  #send(body: ServerFrame): void {
    this.#write(frame(body));
  }

  #write(text: string): void {
    if (!this.#gone) this.write(this.#house.encode(text));
  }

  #end(code: CloseCode, reason: string): void {
    this.#line.end(code, reason);
    this.leave();
  }

  #cut(reason: string): void {
    this.#house.meter.cut(reason);
    this.#line.cut();
    this.leave();
  }

  #checkStuck(now: number): void {
    const { taken } = this.#line;
    if (this.#stuckSince === 0 || taken !== this.#stuckTaken) {
      this.#stuckSince = now;
      this.#stuckTaken = taken;
    } else if (now - this.#stuckSince >= STUCK_MS) this.#cut('stuck');
  }
}

function cidOf(asked: ClientFrame): string | undefined {
  return 'cid' in asked ? asked.cid : undefined;
}

