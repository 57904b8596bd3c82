import {
  type Avatar, type Change, cidOf, CloseCode, type ClientFrame, type Hello, HELLO_WITHIN_MS, OLD_TELL_S, parseClientFrame, type RefusalCode,
  SILENT_CLIENT_MS, type ServerFrame, TICKET_EVERY_MS, UNBORN, WHO_MAX_NAMES,
} from '../protocol/index.ts';
import type { Moderator } from '../log/moderators.ts';
import type { Actor } from './act.ts';
import { Early } from './early.ts';
import { frame, type Own, resetFrame, rowsFrames, welcomeFrames } from './frames.ts';
import type { Sender } from './allowance.ts';
import type { House, Line } from './house.ts';
import { FLOOD_OWES_MS, Patience } from './patience.ts';
import type { Position } from './position.ts';
import type { Member, Room } from './room.ts';
import type { Voice } from './talk.ts';

const TOO_EARLY_MS = 1_000;
/** So long after it came in, a socket may bring words of one before it. */
const RETURN_MS = 15_000;
const DOUBTED_MAX = 100;
/** Whether somebody is known here is looked up at most so often. */
const STANDING_MS = 60_000;
const UNSENT_MAX_BYTES = 1024 * 1024;
const RESETTING = Number.MAX_SAFE_INTEGER;
/** When the log does not answer, another server may know the room, or this one later. */
const STORE_DOWN_AFTER_MS: [number, number] = [2_000, 10_000];

/** One connection's life: greeting → entering → live → gone. Frame in, frame out. */
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
  #moderator: Moderator | null = null;
  #early: Early | null = null;
  #greeted = false;
  #gone = false;
  #bornAt: number;
  #heardAt: number;
  #patience: Patience;
  #behind = false;
  /** Of two that bring this reader to a position, the later counts. */
  #turn = 0;
  /** Changes of this reader whose outcome is not known yet. */
  #pending = 0;
  /** What was answered by `wait`, and comes again. */
  #doubted = new Set<string>();
  #spokeAt: { asked: Promise<number | null>; until: number } | null = null;
  #net: string | null = null;
  #leaving: { code: CloseCode; reason: string } | null = null;
  #unpulse: () => void;
  #unseat: (() => void) | null = null;

  constructor(house: House, line: Line, from: { address: string; sandboxed: boolean }) {
    this.#house = house;
    this.#line = line;
    this.#address = from.address;
    this.#sandboxed = from.sandboxed;
    this.#bornAt = this.#heardAt = house.now();
    this.#patience = new Patience(house.allowance.frames, this.#bornAt);
    this.#unpulse = house.pulse.expect(this, HELLO_WITHIN_MS);
  }

  get moderates(): boolean { return this.#moderator !== null; }
  get author(): string | null { return this.#ids?.author ?? null; }
  get full(): boolean { return this.#line.full; }
  get deflates(): boolean { return this.#line.deflates; }

  /** A text frame came in. */
  hear(text: string): void {
    if (this.#gone || this.#leaving) return;
    this.#heardAt = this.#house.now();
    if (this.#early) return this.#early.keep(text);
    const parsed = parseClientFrame(text);
    const owed = this.#patience.owes(this.#house.allowance.frames, this.#heardAt);
    if (owed > 0) {
      this.#refuse('rate', cidOf(parsed), owed);
      if (owed > FLOOD_OWES_MS) this.#end(CloseCode.rateLimited, 'rate_limited');
    } else if (!parsed.ok) this.#misheard(parsed.code, parsed.cid);
    else if (parsed.frame.t === 'hello') void this.#greet(parsed.frame);
    else if (!this.#room) this.#misheard('hello_first', cidOf(parsed));
    else this.#do(this.#room, parsed.frame);
  }

  /** Something waits for who moderates here. */
  ring(): void {
    this.#send({ t: 'desk' });
  }

  /** What they said is there no more. */
  forget(): void {
    this.#spokeAt = null;
  }

  /** A binary frame, or bytes that are not text. */
  hearNoise(): void {
    this.#misheard('bad_frame');
  }

  /** The socket took everything: what was skipped meanwhile follows. */
  drained(): void {
    const room = this.#room;
    if (!room) return;
    room.catchUp(this);
    this.#send({ t: 'here', count: room.presence.count });
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
    if (this.#patience.isStuck(this.#line, now)) return this.#cut('stuck');
    if (this.#line.full) return;
    if (now - this.#heardAt > SILENT_CLIENT_MS) return this.#end(CloseCode.heartbeat, 'heartbeat');
    // Whom a failed read left behind would wait for the next word in a room that may have none.
    if (this.#room?.hasLeftBehind(this)) this.#room.catchUp(this);
    if (this.#moderator && this.#room) void this.#recheck(this.#room, this.#moderator);
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
    if (this.#gone || this.#leaving) return;
    this.#send({ t: 'bye', code, reason, after });
    // What was sent is answered first.
    if (this.#pending === 0) this.#end(code, reason);
    else this.#leaving = { code, reason };
  }

  /** The same person opened one socket more than it may hold, and the newest is the one it looks at. */
  giveUpSeat(): void {
    this.#end(CloseCode.tooMany, 'too_many');
  }

  async #greet(hello: Hello): Promise<void> {
    if (this.#greeted) return this.#misheard('hello_twice');
    this.#greeted = true;
    const { house, place } = { house: this.#house, place: { site: hello.site, post: hello.room } };
    if (hello.id) this.#ids = house.identity.publicId(hello.site, hello.id);
    this.nick = hello.nick ?? null;
    this.avatar = hello.avatar ?? null;
    this.#unseat = house.seats.take(this.author, place, this);
    this.#early = new Early(house.allowance.frames.burst);
    try {
      const [room, moderator] = await Promise.all([house.rooms.enter(place), hello.key ? house.moderators.find(hello.key, place) : null]);
      this.#moderator = moderator;
      if (hello.key && !moderator) hello.dropped.push('key');
      const { epoch } = room.tail.head;
      const position = await house.positions.resume(room, hello.at);
      const mine = await this.#mine(room, position);
      if (this.#gone) return;
      this.#welcome(room, position, mine, hello);
      // The room started over while this reader was on the way in, and its reset went to the others.
      if (epoch !== UNBORN.epoch && room.tail.head.epoch !== epoch) void this.startOver();
    } catch {
      this.dismiss(CloseCode.overloaded, 'store_down', STORE_DOWN_AFTER_MS);
    }
  }

  #welcome(room: Room, position: Position, mine: Own['mine'], { at, dropped }: Hello): void {
    const { pulse, meter } = this.#house;
    this.#room = room;
    this.at = position.head.rev;
    room.join(this);
    if (!position.resumed) this.#house.shield.joined(room.place);
    for (const text of welcomeFrames(position, at?.rev ?? 0, this.#own(room, mine), dropped)) this.#write(text);
    meter.resumed(position.resumed ? 'resumed' : 'fresh');
    this.#unpulse();
    this.#unpulse = pulse.add(this);
    room.catchUp(this);
    const early = this.#early;
    this.#early = null;
    early?.end((text) => this.hear(text), (cid) => this.#refuse('rate', cid, TOO_EARLY_MS));
  }

  /** Brings the reader to a position: by the changes it misses, or by a reset. */
  async #place(room: Room, coming: Promise<Position>): Promise<void> {
    const from = this.at;
    const turn = ++this.#turn;
    try {
      const position = await coming;
      const mine = position.resumed ? {} : await this.#mine(room, position);
      if (this.#gone || turn !== this.#turn || (this.at !== from && from !== RESETTING)) return;
      const { head, kept, facts, resumed } = position;
      this.at = head.rev;
      for (const text of resumed ? rowsFrames({ from, to: head.rev, room: facts, first: head.first }, kept) : [resetFrame(position, this.#own(room, mine))]) this.#write(text);
      if (!resumed) this.#house.meter.resumed('reset');
      room.catchUp(this);
    } catch {
      // The reader stays where it is; the next pass, or its own return, tries again.
      if (from === RESETTING) this.dismiss(CloseCode.overloaded, 'store_down', STORE_DOWN_AFTER_MS);
    }
  }

  /** Best effort: a reader whose own reactions are not known sees them as others'. */
  #mine(room: Room, { kept }: Position): Promise<Own['mine']> {
    return this.#house.positions.mine(room.place, this.#ids, kept).catch(() => ({}));
  }

  #own(room: Room, mine: Own['mine']): Own {
    return { you: this.#you(), mine, here: room.presence.count };
  }

  #do(room: Room, asked: Exclude<ClientFrame, Hello>): void {
    const now = this.#house.now();
    switch (asked.t) {
      case 'pong': return;
      case 'nick': return this.#rename(room, asked);
      case 'say': case 'edit': case 'delete': case 'react': case 'report': case 'mod': return this.#change(room, asked);
      case 'since':
        if (this.#behind || this.at === RESETTING || !this.#patience.allows(asked.t, now)) return;
        this.at = asked.rev;
        if (asked.rev > room.tail.head.rev) this.fallBehind();
        else room.catchUp(this);
        return;
      case 'pair':
        if (this.#patience.allows(asked.t, now)) void this.#pair(room, asked.key, asked.blog);
        return;
      case 'ticket': return this.#giveTicket(room, asked.cid);
      case 'typing':
        if (!this.author || this.nick === null || !this.#patience.allows(asked.t, now)) return;
        return this.#house.typing.note(room, this.author);
      case 'who':
        if (!this.#patience.allows(asked.t, now)) return;
        if (this.#house.shed.has('names')) return this.#send({ t: 'here', count: room.presence.count });
        return this.#send({ t: 'names', names: room.presence.names(WHO_MAX_NAMES, room.members) });
    }
  }

  #change(room: Room, change: Change): void {
    const house = this.#house;
    if (!this.#ids && !this.#moderator) return this.#refuse('nick_needed', change.cid);
    // Words have their own way: what they may is only one of the things they are asked.
    const refusal = change.t === 'say' || change.t === 'edit' ? null : house.allowance.refuse(this.#sender(), room.place, change);
    if (refusal) return this.#refuse(refusal.code, change.cid, refusal.retryAfter);
    this.#pending += 1;
    void house.act(house, this.#actor(room, change.cid), room.place, change).then((answer) => {
      if (answer.t === 'no') house.meter.refused(answer.code);
      if (answer.t === 'no' && answer.code === 'forbidden' && this.#moderator) void this.#recheck(room, this.#moderator);
      if (answer.t === 'wait' && this.#doubted.size < DOUBTED_MAX) this.#doubted.add(change.cid);
      else this.#doubted.delete(change.cid);
      this.#pending -= 1;
      if (this.#gone) return;
      this.#send(answer);
      if (this.#leaving && this.#pending === 0) this.#end(this.#leaving.code, this.#leaving.reason);
    });
  }

  #sender(): Sender {
    return { author: this.#ids?.author ?? `moderator ${this.#moderator?.id}`, address: this.#address, sandboxed: this.#sandboxed, sinceMs: this.#house.now() - this.#bornAt };
  }

  #actor(room: Room, cid: string): Actor {
    const { nick, avatar } = this;
    return {
      ids: this.#ids, nick, avatar, role: this.#moderator?.role ?? 'reader', moderator: this.#moderator?.id ?? null, stream: room.tail.facts.stream ?? null,
      voice: this.#ids && this.#voice(room, this.#ids, cid),
    };
  }

  #voice(room: Room, ids: { author: string; was?: string }, cid: string): Voice {
    const [house, sender] = [this.#house, this.#sender()];
    return {
      ids, sender, facts: room.tail.facts, lastAt: room.tail.lastAt, mayRepeat: sender.sinceMs < RETURN_MS || this.#doubted.has(cid),
      acquaintance: { isHouse: this.moderates, cameAt: Date.now() - sender.sinceMs, spokeAt: () => this.#standing(room, ids) },
      net: () => (this.#net ??= house.identity.network(room.place.site, this.#address)),
    };
  }

  /** Who has not spoken may by now. */
  async #standing(room: Room, ids: { author: string; was?: string }): Promise<number | null> {
    const now = this.#house.now();
    const known = this.#spokeAt;
    if (known && now < known.until) return known.asked;
    const asked = this.#house.log.standing(room.place, ids);
    this.#spokeAt = { asked, until: now + STANDING_MS };
    // What could not be read is asked again.
    asked.catch(() => { this.#spokeAt = null; });
    return asked;
  }

  #rename(room: Room, { nick, avatar, id }: Extract<ClientFrame, { t: 'nick' }>): void {
    if (id !== undefined) {
      const ids = this.#house.identity.publicId(room.place.site, id);
      if (this.#ids && this.#ids.author !== ids.author) return this.#refuse('identity');
      if (!this.#ids) {
        this.#unseat?.();
        this.#unseat = this.#house.seats.take(ids.author, room.place, this);
        room.leave(this);
        this.#ids = ids;
        room.join(this);
      }
    }
    this.nick = nick;
    this.avatar = avatar;
    this.#send({ t: 'you', ...this.#you() });
  }

  /** Who was revoked meanwhile is a reader from now on. */
  async #recheck(room: Room, moderator: Moderator): Promise<void> {
    if ((await this.#house.moderators.stands(moderator, room.place)) || this.#moderator !== moderator || this.#gone) return;
    this.#moderator = null;
    this.#send({ t: 'you', ...this.#you() });
  }

  #giveTicket(room: Room, cid: string): void {
    if (!this.#ids) return this.#refuse('forbidden', cid);
    if (!this.#patience.allows('ticket', this.#house.now())) return this.#refuse('rate', cid, TICKET_EVERY_MS);
    this.#send({ t: 'ok', cid, ticket: this.#house.tickets.issue({ site: room.place.site, ...this.#ids }, Date.now()) });
  }

  async #pair(room: Room, key: string, blog: string): Promise<void> {
    const moderator = await this.#house.moderators.find(key, room.place);
    if (moderator) {
      this.#moderator = moderator;
      return this.#send({ t: 'you', ...this.#you() });
    }
    const code = await this.#house.moderators.pair(key, room.place, blog);
    if (code) this.#send({ t: 'pair', code });
    else if (!this.#gone) this.#refuse('forbidden');
  }

  #you(): Own['you'] {
    return { author: this.author, nick: this.nick, avatar: this.avatar, role: this.#moderator?.role ?? 'reader' };
  }

  #misheard(code: RefusalCode, cid?: string): void {
    this.#refuse(code, cid);
    if (code === 'bad_version') return this.#end(CloseCode.version, 'version');
    if (this.#patience.endsWith(code, this.#house.now())) this.#end(CloseCode.badRequest, 'bad_request');
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
}

