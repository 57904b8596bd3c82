import type { Log } from '../log/messages.ts';
import type { Edit, Place, RoomFacts, Rules, Say } from '../protocol/index.ts';
import type { Allowance, Sender } from './allowance.ts';
import { type Acquaintance, rankOf } from './rank.ts';
import type { No, Rank, Ruling } from './saying.ts';
import type { Screen } from './screen.ts';
import { shapeOf } from './shape.ts';
import type { Shield } from './shield.ts';

/** Who speaks, as the screen has to know them. */
export type Voice = {
  ids: { author: string; was?: string };
  sender: Sender;
  acquaintance: Acquaintance;
  /** What the room says of itself, and when its newest message was said. */
  facts: RoomFacts;
  lastAt: number | null;
  /** It may be words that were sent before, on a socket that broke or by an append that ended without a word. */
  mayRepeat: boolean;
  /** A keyed hash of the network they speak from. */
  net: () => string;
};
/** What becomes of words on their way to the log. */
export type Talk = { judge(place: Place, voice: Voice, change: Say | Edit): Promise<Ruling>; forget(place: Place, author: string): void };

type Deps = { screen: Screen; allowance: Allowance; shield: Shield; log: Pick<Log, 'wasSaid'>; clock: () => number };

export function createTalk({ screen, allowance, shield, log, clock }: Deps): Talk {
  return {
    forget: screen.forget,
    async judge(place, voice, change) {
      const rules = voice.facts.rules ?? NONE;
      // Only where strangers are treated otherwise is anything read for it; while it cannot be, they wait with everybody.
      const rank: Rank | null = await rankOf(voice.acquaintance, rules, clock()).catch(() => null);
      if (rank === null) return UNREAD;
      const shape = shapeOf(change.text);
      const isStranger = rank === 'new' || (!rules.shield && !voice.acquaintance.isHouse && voice.sender.sinceMs < STRANGE_FOR_MS);
      if (change.t === 'say') shield.tried(place, { shape, author: voice.ids.author, isStranger });
      const isNew = change.t === 'say';
      const saying = { place, author: voice.ids.author, cid: change.cid, text: change.text, shape, isNew, rank, ...(change.t === 'say' && change.stamp && { stamp: change.stamp }) };
      const ruling = await screen.judge(saying, {
        rules, lastAt: voice.lastAt,
        rate: () => said(allowance.refuse(voice.sender, place, change)),
        capacity: () => said(allowance.admit(voice.sender, place, change.text, rank === 'new' && rules.shield !== undefined)),
      });
      // Danger: what was saved before is never refused after all (P5). The log answers with the outcome it had.
      if (ruling.is === 'no' && ruling.retryAfter === undefined && isNew && voice.mayRepeat) {
        const known = await log.wasSaid(place, voice.ids, change.cid).catch(() => null);
        if (known !== false) return known ? { is: 'pass' } : UNREAD;
      }
      if (ruling.is !== 'no' && isNew && rank === 'new' && rules.shield) shield.passed(place);
      return ruling;
    },
  };
}

const NONE: Rules = {};
const UNREAD: No = { is: 'no', code: 'store_down', retryAfter: 1_000 };
/** While nothing is wrong: who came so long ago at most counts as one of those who may come for a raid. */
const STRANGE_FOR_MS = 60_000;

function said(refusal: { code: No['code']; retryAfter: number } | null): No | null {
  return refusal && { is: 'no', ...refusal };
}
