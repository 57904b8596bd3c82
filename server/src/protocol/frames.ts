import type { CloseCode, RefusalCode } from './codes.ts';
import type { Role } from './rights.ts';
import type { Rules } from './rules.ts';
import type { Theme } from './themes.ts';

/** A place in a room's history: what the holder has seen of it. `low` is the smallest `n` it still holds. */
export type At = { epoch: string; rev: number; low?: number };

export type Hello = {
  t: 'hello';
  v: 1;
  room: string;
  site: string;
  id?: string;
  nick?: string;
  avatar?: Avatar;
  at?: At;
  key?: string;
  /** Members that were sent but bad: dropped here, named in `welcome.dropped`, never a reason to refuse. */
  dropped: HelloPart[];
};
export type HelloPart = 'id' | 'nick' | 'avatar' | 'at' | 'key';

/** `stamp`: what a room under a raid asks of strangers, see {@link Stamp}. */
export type Say = { t: 'say'; cid: string; text: string; re?: number; pic?: number; stamp?: string };
export type Edit = { t: 'edit'; cid: string; n: number; text: string };
export type Delete = { t: 'delete'; cid: string; n: number };
export type React = { t: 'react'; cid: string; n: number; emoji: string; on: boolean };
export const reportReasons = ['spam', 'abuse', 'private', 'other'] as const;
/** Told to who moderates, and to nobody else. */
export type Report = { t: 'report'; cid: string; n: number; reason: (typeof reportReasons)[number] };
/** A moderator's act; what it may be done to, and by whom, is in `rights.ts`. Times are in seconds. */
export type Mod = { t: 'mod'; cid: string } & (
  /** Without `seconds` for good; `sweep` also takes away what they wrote; with `network`, what comes from where they are waits for approval, for a day at most. */
  | { do: 'ban'; who: string; seconds?: number; reason?: string; sweep?: boolean; network?: boolean }
  | { do: 'mute'; who: string; seconds: number }
  | { do: 'unban'; who: string }
  | { do: 'pin' | 'answer'; n: number; on: boolean }
  /** A message that waits: whose, and under which `cid` it was said. */
  | { do: 'approve' | 'refuse'; who: string; what: string }
  /** Of the reports of a message. */
  | { do: 'dismiss'; n: number }
  /** All of the room's rules; what is left out ends. */
  | { do: 'rules'; rules: Rules }
  /** The shield comes down, and stays so as long. */
  | { do: 'lower'; seconds: number }
  /** `of`: the number that the `ok` of an act told. */
  | { do: 'undo'; of: number }
);
/** What any reader may ask for. */
export type ReaderChange = Say | Edit | Delete | React | Report;
/** Frames that change the room. Each is answered by `ok`, `no` or `wait` under its `cid`. */
export type Change = ReaderChange | Mod;

export type ClientFrame =
  | Hello
  | { t: 'nick'; nick: string; avatar: Avatar; id?: string }
  | Change
  | { t: 'typing' }
  | { t: 'since'; rev: number }
  | { t: 'who' }
  /** A frame on `blog`, an origin, wants to moderate by a key it made: answered by a code that is typed on our own page, and once that is done by `you`. */
  | { t: 'pair'; key: string; blog: string }
  /** Asks for a ticket: what stands for this person over HTTP, where the secret id must never go. */
  | { t: 'ticket'; cid: string }
  | { t: 'pong' };

export const avatars = [
  'raccoon', 'fox', 'owl', 'whale', 'panda', 'cat', 'rabbit', 'penguin',
  'otter', 'bear', 'frog', 'hedgehog', 'tiger', 'koala', 'turtle', 'duck',
] as const;
export type Avatar = (typeof avatars)[number];

/** A message, always whole: an absent member does not apply. A deleted one is `n`, `rev`, `deleted` and nothing else. */
export type Row = LiveRow | { n: number; rev: number; deleted: true };
export type LiveRow = {
  n: number;
  rev: number;
  deleted?: never;
  cid: string;
  author: string;
  nick: string;
  avatar: string;
  text: string;
  at: number;
  pic?: number;
  re?: number;
  edited?: number;
  pin?: true;
  reactions?: Record<string, number>;
  extra?: Record<string, unknown>;
};

/** A proof of work: a number that gives SHA-256 of `salt`, a full stop and the number so many leading zero bits. `stamp` in `say` is all three parts' first and last, joined by a full stop. */
export type Stamp = { salt: string; bits: number };
export type RoomFacts = { id: string; title: string | null; stream?: StreamFacts; rules?: Rules };
/** What stands beside the words. Times are in ms. */
export type StreamFacts = {
  /** Another for every attaching: all addresses of the stream carry it. */
  id: string;
  title?: string;
  /** Announced: there may be nothing to see before. */
  startsAt?: number;
  /** The first and, of a recording, the last picture time there is: what `pic` is held against. */
  from: number;
  to?: number;
  /** How far our clock was ahead of the newest picture while it was live, and how long its segments are: where messages without `pic` belong. */
  skew?: number;
  targetMs?: number;
};
export type You = { author: string | null; nick: string | null; avatar: string | null; role: Role };
/** Own reactions by message number. */
export type Mine = Record<string, string[]>;
export type Limits = { text: number; nick: [number, number]; page: number };

/** Rows at one moment of the room, as pages, snapshots and fresh welcomes carry them. */
export type Page = { rows: Row[]; more: boolean; rev: number; n: number; first: number; epoch: string };

/** Messages around a picture, in order of picture and number: whether there are some of earlier ones (`older`), and of later ones. */
export type PicturePage = Page & { older: boolean };

type Fresh = {
  you: You;
  room: RoomFacts;
  epoch: string;
  rev: number;
  n: number;
  first: number;
  resumed: boolean;
  rows: Row[];
  more: boolean;
  mine: Mine;
  here: number;
};
export type ServerFrame =
  | (Fresh & { t: 'welcome'; v: 1; limits: Limits; dropped?: HelloPart[] })
  | (Fresh & { t: 'reset' })
  | { t: 'rows'; from: number; to: number; rows: Row[]; room?: RoomFacts; first?: number; epoch?: string; more?: true }
  | { t: 'ok'; cid: string; n?: number; rev?: number; dup?: true; held?: true; /** Of a moderator's act, to undo it by. */ act?: number; ticket?: string }
  | { t: 'no'; cid?: string; code: RefusalCode; retryAfter?: number; stamp?: Stamp }
  | { t: 'wait'; cid: string; retryAfter: number }
  | ({ t: 'you' } & You)
  | { t: 'pair'; code: string }
  /** To moderators: something waits for them that did not before, or no more. */
  | { t: 'desk' }
  | { t: 'here'; count: number }
  | { t: 'names'; names: { author: string; nick: string; avatar: string }[] }
  | { t: 'typing'; authors: string[]; more: number }
  | { t: 'beat'; rev: number; old?: number }
  | { t: 'bye'; code: CloseCode; reason: string; after: [number, number] };

/** What the room page carries for the widget, as data: enough to read before anything is asked. */
export type PageData = {
  room: string;
  site: string;
  /** The title this frame was given, for this reader only; it goes before the stored one in `facts`. */
  title: string | null;
  lang: 'ko' | 'en';
  theme: Theme;
  facts: RoomFacts;
  /** A position like any other: `hello` sends its epoch and rev as `at`. Null when the log could not be read. */
  snapshot: Page | null;
};
