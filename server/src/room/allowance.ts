import { type Change, countBytes, keyOf, type Place, type RefusalCode } from '../protocol/index.ts';
import { createQuota, createWindow, type Rate, takeAll } from './quota.ts';

/** How much each may do. Settings, so that an operator or a benchmark can lift them and say so. */
export type Caps = {
  roomMessagesPerS: number;
  roomBytesPerS: number;
  senderMessagesPerS: number;
  framesPerMinute: number;
};
export type Sender = { author: string; address: string; /** A page that sandboxes us: all of one address are one. */ sandboxed: boolean; sinceMs: number };

export type Allowance = {
  /** Null when the change may go on, else why not and when to try again: what its sender may do. */
  refuse(sender: Sender, place: Place, change: Change): Refusal | null;
  /** The same of the room; of a stranger's words during a raid only a part of it. Who is refused gets their own turn back. */
  admit(sender: Sender, place: Place, text: string, isStranger: boolean): Refusal | null;
  readonly frames: Rate;
  /** Of somebody who erased themselves. */
  forget(author: string): void;
  /** Forgets whom it need not remember. */
  tidy(): void;
};

export type Refusal = { code: RefusalCode; retryAfter: number };

const SENDER_BURST = 5;
/** 20 messages in 30 s, whatever the burst. */
const SENDER_LONG = { share: 2 / 3, burst: 20 };
const ADDRESS_SENDERS = 10;
const GESTURES: Rate = { perSecond: 5, burst: 20 };
/** Of a room under a raid: the rest is for those it knows. */
const STRANGERS_SHARE = 0.4;
const SANDBOXED_FIRST_WORD_MS = 10_000;

export function createAllowance(caps: Caps, now: () => number): Allowance {
  const perS = caps.senderMessagesPerS;
  const sender = createQuota({ perSecond: perS, burst: perS * SENDER_BURST }, now);
  const senderLong = createQuota({ perSecond: perS * SENDER_LONG.share, burst: perS * SENDER_LONG.burst }, now);
  const address = createQuota({ perSecond: perS * ADDRESS_SENDERS, burst: perS * ADDRESS_SENDERS * SENDER_BURST }, now);
  const gestures = createQuota(GESTURES, now);
  const addressGestures = createQuota({ perSecond: GESTURES.perSecond * ADDRESS_SENDERS, burst: GESTURES.burst * ADDRESS_SENDERS }, now);
  const roomGestures = createQuota({ perSecond: 2 * caps.roomMessagesPerS, burst: 4 * caps.roomMessagesPerS }, now);
  const roomMessages = createWindow(caps.roomMessagesPerS, now);
  const strangers = createQuota({ perSecond: STRANGERS_SHARE * caps.roomMessagesPerS, burst: STRANGERS_SHARE * caps.roomMessagesPerS }, now);
  const roomBytes = createQuota({ perSecond: caps.roomBytesPerS, burst: 2 * caps.roomBytesPerS }, now);

  const mine = [sender, senderLong, gestures];
  return {
    forget: (author) => { for (const one of mine) one.forget(author); },
    tidy: () => { for (const one of [...mine, address, addressGestures, roomGestures, strangers, roomBytes]) one.tidy(); },
    frames: { perSecond: caps.framesPerMinute / 60, burst: caps.framesPerMinute },
    refuse(who, place, change) {
      const from = fromOf(who);
      if (change.t === 'delete' || change.t === 'react' || change.t === 'report' || change.t === 'mod') return told('rate', takeAll([[gestures, from], [addressGestures, who.address], [roomGestures, keyOf(place)]]));
      if (who.sandboxed && who.sinceMs < SANDBOXED_FIRST_WORD_MS) return told('slow_mode', SANDBOXED_FIRST_WORD_MS - who.sinceMs);
      return told('rate', takeAll([[sender, from], [senderLong, from], [address, who.address]]));
    },
    admit(who, place, text, isStranger) {
      const room = keyOf(place);
      const busy = takeAll([[roomMessages, room], [roomBytes, room, countBytes(text)], ...(isStranger ? [[strangers, room] as const] : [])]);
      if (busy === 0) return null;
      const from = fromOf(who);
      for (const [quota, key] of [[sender, from], [senderLong, from], [address, who.address]] as const) quota.give(key);
      return told('room_busy', busy);
    },
  };
}

function fromOf({ sandboxed, address, author }: Sender): string {
  return sandboxed ? `sandboxed ${address}` : author;
}

function told(code: RefusalCode, retryAfter: number): Refusal | null {
  return retryAfter > 0 ? { code, retryAfter } : null;
}
