import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { readSome } from '../config.ts';
import type { Change, ClientFrame, Row, ServerFrame, Stamp } from '../protocol/index.ts';
import { type CanaryMetrics, createCanaryMetrics } from './canary-metrics.ts';
import { openReader } from './reader.ts';

/**
 * Two readers as any other, through whatever stands before the servers: one changes something every few seconds, the
 * other has to be told. What is changed is a reaction on one message of their own, on and off: it goes the way of a
 * message (act → append → publish) and leaves no row behind. The message is said once, and found again after a restart.
 *
 * One change at a time. It is *sent* when it is acknowledged, *received* when its row comes with that number or a later
 * one, by whatever frame. Who has not received it {@link LATE_MS} after the `ok` resumes on another connection, as
 * readers do: what comes then was *late*, and received. *Lost* is what no resume brings: the reader is told numbers
 * behind it, or stands connected for {@link LOST_MS} more without being told. What was under way while a connection
 * was down is sent again under its cid until it is answered. So sent = received + lost + at most one.
 */
export type Canary = { metrics: CanaryMetrics; close(): void };
export type CanaryOptions = { publicUrl: string; room: string; everyMs: number; lateMs?: number };

/** No blog is at such an address (RFC 2606); so no site's words, bans and moderators are ours. */
export const CANARY_SITE = 'canary.invalid';
const NICK = 'canary';
const TEXT = 'One of two canaries sits here and sings.';
const EMOJI = '🐤';
const LATE_MS = 10_000;
const LOST_MS = 30_000;
const ANSWER_WITHIN_MS = 10_000;
/** Words that were refused are not tried again at once. */
const SAY_EVERY_MS = 60_000;
const SEEN_MAX = 100;

type Round = { change: Change; sentAt: number; askedAt: number; n: number; rev: number | null; ackedAt: number; late: boolean; againAt: number | null };

export function createCanary({ publicUrl, room, everyMs, lateMs = LATE_MS }: CanaryOptions): Canary {
  const now = (): number => performance.now();
  const place = { room, site: CANARY_SITE };
  const metrics = createCanaryMetrics(() => sender.live && receiver.live);
  /** Our message, and whether our reaction is on it. */
  let own: number | null = null;
  let on = false;
  let words = newWords();
  let sayAt = Number.NEGATIVE_INFINITY;
  let round: Round | null = null;
  /** Of each message, the number and time of its latest form that the receiver was told. */
  const seen = new Map<number, { rev: number; at: number }>();

  const sender = openReader(publicUrl, { ...place, id: randomUUID(), nick: NICK, avatar: 'duck' }, {
    rows: find,
    heard: answered,
    startedOver() { own = null; },
    turned() { if (sender.live && round?.rev === null) push(round); },
  });
  const receiver = openReader(publicUrl, place, {
    rows(rows) {
      for (const { n, rev } of rows) {
        seen.delete(n);
        seen.set(n, { rev, at: now() });
        if (seen.size > SEEN_MAX) for (const oldest of seen.keys()) { seen.delete(oldest); break; }
      }
    },
    heard: judge,
    startedOver() {
      seen.clear();
      // What was acknowledged and is not told is in no database any more.
      if (round && round.rev !== null) end('lost');
    },
    turned() { if (round) round.ackedAt = now(); },
  });

  function newWords(): Change {
    return { t: 'say', cid: randomBytes(16).toString('hex'), text: TEXT };
  }

  /** A canary before us has left its message here; or ours was taken away. */
  function find(rows: readonly Row[]): void {
    for (const row of rows) {
      if (row.deleted ? row.n === own : false) own = null;
      else if (!row.deleted && own === null && row.nick === NICK && row.text === TEXT) [own, on] = [row.n, false];
    }
  }

  function begin(): void {
    if (!sender.live || !receiver.live || (own === null && now() - sayAt < SAY_EVERY_MS)) return;
    if (own === null) sayAt = now();
    const change: Change = own === null ? words : { t: 'react', cid: randomBytes(16).toString('hex'), n: own, emoji: EMOJI, on: !on };
    round = { change, sentAt: now(), askedAt: now(), n: own ?? 0, rev: null, ackedAt: 0, late: false, againAt: null };
    push(round);
  }

  function push(asked: Round): void {
    asked.askedAt = now();
    asked.againAt = null;
    sender.send(asked.change as ClientFrame);
  }

  function answered(frame: ServerFrame): void {
    if (!round || !('cid' in frame) || frame.cid !== round.change.cid || round.rev !== null) return;
    if (frame.t === 'ok' && !frame.held && frame.rev !== undefined) acknowledged(round, frame.n ?? round.n, frame.rev);
    else if (frame.t === 'ok') refused('held');
    else if (frame.t === 'wait') round.againAt = now() + frame.retryAfter;
    else if (frame.t === 'no') {
      if (frame.code === 'stamp' && frame.stamp) words = { ...words, stamp: solve(frame.stamp) } as Change;
      if (frame.code === 'not_found') [own, words] = [null, newWords()];
      refused(frame.code);
      if (frame.code === 'stamp' || frame.code === 'not_found') sayAt = Number.NEGATIVE_INFINITY;
    }
  }

  function acknowledged(asked: Round, n: number, rev: number): void {
    metrics.sent();
    [asked.n, asked.rev, asked.ackedAt] = [n, rev, now()];
    if (asked.change.t === 'react') on = asked.change.on;
    else [own, on] = [n, false];
    judge();
  }

  function refused(code: string): void {
    metrics.refused(code);
    round = null;
  }

  function judge(): void {
    if (!round || round.rev === null) return;
    const told = seen.get(round.n);
    if (told && told.rev >= round.rev) return end(round.late ? 'late' : 'received', (told.at - round.sentAt) / 1_000);
    if (!receiver.live) return;
    const waited = now() - round.ackedAt;
    if (!round.late && waited > lateMs) {
      round.late = true;
      receiver.redial();
    } else if (round.late && (receiver.at.rev >= round.rev || waited > LOST_MS)) end('lost');
  }

  function end(as: 'received' | 'late' | 'lost', seconds = 0): void {
    metrics.ended(as, seconds);
    round = null;
  }

  function look(): void {
    judge();
    if (!round || round.rev !== null || !sender.live) return;
    if (round.againAt !== null && now() >= round.againAt) push(round);
    else if (now() - round.askedAt > ANSWER_WITHIN_MS) sender.redial();
  }

  const beginning = setInterval(() => { if (!round) begin(); }, everyMs);
  const looking = setInterval(look, Math.min(lateMs, 1_000) / 4);
  return {
    metrics,
    close() {
      clearInterval(beginning);
      clearInterval(looking);
      // Else each canary that comes leaves its own reaction behind.
      if (own !== null && (on || round)) sender.send({ t: 'react', cid: randomBytes(16).toString('hex'), n: own, emoji: EMOJI, on: false });
      sender.close();
      receiver.close();
    },
  };
}

/** What a room under a raid asks of strangers: a few hundred thousand hashes. */
function solve({ salt, bits }: Stamp): string {
  for (let i = 0; ; i += 1) {
    if (Math.clz32(createHash('sha256').update(`${salt}.${i}`).digest().readUInt32BE(0)) >= bits) return `${salt}.${i}`;
  }
}

/** Until a signal comes. */
export async function runCanary(env: NodeJS.ProcessEnv): Promise<void> {
  const { PUBLIC_URL, METRICS_HOST, METRICS_PORT, CANARY_ROOM, CANARY_SECONDS } = readSome(env, ['PUBLIC_URL', 'METRICS_HOST', 'METRICS_PORT', 'CANARY_ROOM', 'CANARY_SECONDS']);
  const canary = createCanary({ publicUrl: PUBLIC_URL, room: CANARY_ROOM, everyMs: CANARY_SECONDS * 1_000 });
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(await canary.metrics.text());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(METRICS_PORT, METRICS_HOST, resolve));
  await new Promise((resolve) => { for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve); });
  canary.close();
  server.close();
  server.closeAllConnections();
}
