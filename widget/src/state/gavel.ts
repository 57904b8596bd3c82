import type { ClientFrame, Delete, Mod, Report, ServerFrame } from '@aside/server/protocol';
import { nanoid } from 'nanoid';
import { ANSWER_WITHIN_MS, RETRY_MS } from './outbox.ts';

/** A moderator's acts: each is sent until it is answered, however often the connection goes. */
export type Gavel = {
  do(act: Judgement): Promise<Verdict>;
  /** Asks to moderate in this frame by a key it made; `tell` hears each answer: the code to type on our own page, or null where no frame may. */
  pair(key: string, blog: string, tell: (code: string | null) => void): void;
  hear(frame: ServerFrame): void;
  /** Told when something waits that did not before, or no more; and when there is a connection again. */
  watch(tell: () => void): void;
  /** There is a connection again. */
  ready(): void;
};
export type Judgement = (Mod extends infer M ? (M extends Mod ? Omit<M, 'cid'> : never) : never) | Omit<Delete, 'cid'> | Omit<Report, 'cid'> | Omit<Ticket, 'cid'>;
export type Verdict = Extract<ServerFrame, { t: 'ok' | 'no' }>;
/** Asked for as an act is: until it is answered. */
type Ticket = Extract<ClientFrame, { t: 'ticket' }>;
type Pending = { frame: Mod | Delete | Report | Ticket; settle: (verdict: Verdict) => void; timer: ReturnType<typeof setTimeout> | undefined };

export function openGavel(send: (frame: ClientFrame) => boolean): Gavel {
  const pending = new Map<string, Pending>();
  let tellDesk: (() => void) | null = null;
  let tellCode: ((code: string | null) => void) | null = null;

  function post(one: Pending, ms = ANSWER_WITHIN_MS): void {
    clearTimeout(one.timer);
    one.timer = setTimeout(post, ms, one);
    if (ms === ANSWER_WITHIN_MS) send(one.frame);
  }

  return {
    do: (act) => new Promise((settle) => {
      const frame = { ...act, cid: nanoid() } as Pending['frame'];
      const one: Pending = { frame, settle, timer: undefined };
      pending.set(frame.cid, one);
      post(one);
    }),
    pair(key, blog, tell) {
      tellCode = tell;
      send({ t: 'pair', key, blog });
    },
    watch(tell) {
      tellDesk = tell;
    },
    hear(frame) {
      if (frame.t === 'desk') tellDesk?.();
      if (frame.t === 'pair') tellCode?.(frame.code);
      if (frame.t === 'no' && frame.cid === undefined && frame.code === 'forbidden') tellCode?.(null);
      if (frame.t !== 'ok' && frame.t !== 'no' && frame.t !== 'wait') return;
      const one = pending.get(frame.cid ?? '');
      if (!one) return;
      if (frame.t === 'wait' || (frame.t === 'no' && frame.retryAfter !== undefined)) return post(one, frame.retryAfter ?? RETRY_MS);
      clearTimeout(one.timer);
      pending.delete(one.frame.cid);
      one.settle(frame);
    },
    ready() {
      tellDesk?.();
      for (const one of pending.values()) post(one);
    },
  };
}
