import { type ClientFrame, isFinal, refusals, type ServerFrame, SILENT_SERVER_MS, WHO_EVERY_MS } from '@aside/server/protocol';
import { drawBetween, drawWait, FIRST_WAIT_MS } from './backoff.ts';

/** A moment or a span, in milliseconds. */
export type Millis = number;

/**
 * `dial` numbers the sockets: it is the last one made, so that an event of an older one can be told apart.
 * `unheard` counts dials in a row on which no server said anything: where sockets are blocked it grows.
 */
export type Link =
  | { at: 'idle'; dial: number }
  | { at: 'dialing'; dial: number; attempt: number; unheard: number; until: Millis }
  | { at: 'greeting'; dial: number; attempt: number; unheard: number; until: Millis }
  | { at: 'live'; dial: number; heardAt: Millis; limit: Millis; probe?: Probe }
  | { at: 'waiting'; dial: number; attempt: number; unheard: number; floor: Millis; until: Millis }
  | { at: 'closed'; dial: number; code: number };
/** A doubt whether a live socket still is: at `by` the server is asked something cheap, or, once asked, is given up. */
type Probe = { asked: boolean; by: Millis };
type Live = Extract<Link, { at: 'live' }>;

export type Happening =
  /** The reader's own hand, also after the last word. */
  | { t: 'start' }
  /** There is somebody to be connected for, again. */
  | { t: 'resume' }
  /** There is nobody. */
  | { t: 'stop' }
  /** What is held is of another epoch: come back and be given it anew. */
  | { t: 'renew' }
  | { t: 'tick' }
  /** The network or the reader is back: a reason to look now, never a reason to hammer. */
  | { t: 'hint' }
  | { t: 'opened'; dial: number }
  | { t: 'frame'; dial: number; frame: ServerFrame | null }
  | { t: 'lost'; dial: number; code: number };

/** Data, not calls. There is one timer: `wake` replaces it, `sleep` ends it. */
export type Effect =
  | { do: 'dial'; dial: number }
  | { do: 'hangUp' }
  | { do: 'greet' }
  | { do: 'send'; frame: ClientFrame }
  | { do: 'deliver'; frame: ServerFrame }
  | { do: 'wake'; at: Millis }
  | { do: 'sleep' };

export type Env = { now: Millis; random: number };
type Step = [Link, readonly Effect[]];

export const idle: Link = { at: 'idle', dial: 0 };
export const DIAL_WITHIN_MS = 10_000;
/** A hint cannot make a wait shorter than this. */
export const FLOOR_MS = 1_000;
/** A server that was asked something and is there has answered by then. */
export const PROBE_WITHIN_MS = 4_000;

export function step(link: Link, happening: Happening, env: Env): Step {
  switch (happening.t) {
    case 'start': return link.at === 'idle' || link.at === 'closed' ? dial(link, 0, env) : [link, []];
    case 'resume': return link.at === 'idle' ? dial(link, 0, env) : [link, []];
    case 'stop': return link.at === 'closed' ? [link, []] : [{ at: 'idle', dial: link.dial }, [...hangUp(link), { do: 'sleep' }]];
    case 'renew': return link.at === 'live' ? lose(link, env) : [link, []];
    case 'tick': return look(link, env);
    case 'hint': return link.at === 'waiting' ? hurry(link, env) : look(link.at === 'live' ? doubt(link, env) : link, env);
    case 'opened': return link.at === 'dialing' && link.dial === happening.dial
      ? [{ ...link, at: 'greeting' }, [{ do: 'greet' }]]
      : [link, []];
    case 'frame': return link.dial === happening.dial ? hear(link, happening.frame, env) : [link, []];
    case 'lost': return link.dial === happening.dial ? end(link, happening.code, env) : [link, []];
  }
}

function dial(link: Link, attempt: number, { now }: Env): Step {
  const unheard = 'unheard' in link ? link.unheard : 0;
  const next: Link = { at: 'dialing', dial: link.dial + 1, attempt, unheard, until: now + DIAL_WITHIN_MS };
  return [next, [{ do: 'dial', dial: next.dial }, { do: 'wake', at: next.until }]];
}

/** Timers fire early, late, or after a night's sleep: only the clock decides. */
function look(link: Link, env: Env): Step {
  switch (link.at) {
    case 'idle': case 'closed': return [link, []];
    case 'dialing': case 'greeting': return env.now < link.until ? [link, [{ do: 'wake', at: link.until }]] : lose(link, env);
    case 'live': return listen(link, env);
    case 'waiting': return env.now < link.until ? [link, [{ do: 'wake', at: link.until }]] : dial(link, link.attempt + 1, env);
  }
}

function listen(link: Live, env: Env): Step {
  const { probe } = link;
  const silentAt = link.heardAt + link.limit;
  const due = probe?.by ?? silentAt;
  if (env.now < due) return [link, [{ do: 'wake', at: due }]];
  if (!probe) return lose(link, env);
  if (probe.asked || env.now >= silentAt) return redial(link, env);
  const by = Math.min(env.now + PROBE_WITHIN_MS, silentAt);
  return [{ ...link, probe: { asked: true, by } }, [{ do: 'send', frame: { t: 'who' } }, { do: 'wake', at: by }]];
}

/** Sooner after the last word the server may ignore the question, and its silence would say nothing. */
function doubt(link: Live, { now }: Env): Live {
  return link.probe ? link : { ...link, probe: { asked: false, by: Math.max(now, link.heardAt + WHO_EVERY_MS) } };
}

/** One reader looked and found nobody there; they do not come by the thousand, and need not wait. */
function redial(link: Live, env: Env): Step {
  const [next, effects] = dial(link, 0, env);
  return [next, [...hangUp(link), ...effects]];
}

function hurry(link: Extract<Link, { at: 'waiting' }>, env: Env): Step {
  const until = Math.min(link.until, Math.max(link.floor, env.now));
  return look({ ...link, until }, env);
}

function hear(link: Link, frame: ServerFrame | null, env: Env): Step {
  if (link.at !== 'greeting' && link.at !== 'live') return [link, []];
  if (frame?.t === 'bye') return isFinal(frame.code) ? end(link, frame.code, env) : leave(link, frame.after, env);
  return link.at === 'greeting' ? hearFirst(link, frame, env) : hearLive(link, frame, env);
}

function hearFirst(link: Extract<Link, { at: 'greeting' }>, frame: ServerFrame | null, env: Env): Step {
  if (frame?.t === 'welcome') {
    const limit = drawBetween(SILENT_SERVER_MS, env.random);
    const live: Link = { at: 'live', dial: link.dial, heardAt: env.now, limit };
    return [live, [{ do: 'deliver', frame }, { do: 'wake', at: env.now + limit }]];
  }
  if (frame?.t === 'no' && frame.cid === undefined && refusals[frame.code] === 'retry') {
    const least = frame.retryAfter ?? 0;
    return leave(link, [least, least + FIRST_WAIT_MS], env);
  }
  return [link, []];
}

/** The timer is left as it is: when it fires, {@link look} sees what was heard meanwhile. */
function hearLive({ dial, limit }: Live, frame: ServerFrame | null, env: Env): Step {
  const heard: Link = { at: 'live', dial, limit, heardAt: env.now };
  if (frame === null) return [heard, []];
  const deliver: Effect = { do: 'deliver', frame };
  return [heard, frame.t === 'beat' ? [{ do: 'send', frame: { t: 'pong' } }, deliver] : [deliver]];
}

/** The socket is gone by itself, or the server said the last word on it. */
function end(link: Link, code: number, env: Env): Step {
  if (link.at === 'idle' || link.at === 'waiting' || link.at === 'closed') return [link, []];
  return isFinal(code) ? [{ at: 'closed', dial: link.dial, code }, [{ do: 'hangUp' }, { do: 'sleep' }]] : lose(link, env);
}

function lose(link: Link, env: Env): Step {
  const attempt = attemptOf(link);
  const wait = drawWait(attempt, env.random);
  return rest(link, attempt, 'unheard' in link ? link.unheard + 1 : 0, Math.min(wait, FLOOR_MS), wait, env);
}

/** The server named the wait: no hint shortens it, and a server that lets nobody in is not asked sooner than backoff says. */
function leave(link: Link, after: readonly [number, number], env: Env): Step {
  const attempt = attemptOf(link);
  const wait = Math.max(drawBetween(after, env.random), attempt === 0 ? 0 : drawWait(attempt, env.random));
  return rest(link, attempt, 0, wait, wait, env);
}

function rest(link: Link, attempt: number, unheard: number, floor: Millis, wait: Millis, { now }: Env): Step {
  const next: Link = { at: 'waiting', dial: link.dial, attempt, unheard, floor: now + floor, until: now + wait };
  return [next, [...hangUp(link), { do: 'wake', at: next.until }]];
}

/** Forgotten only at `live`: a server that accepts and drops must not be hammered. */
function attemptOf(link: Link): number {
  return link.at === 'dialing' || link.at === 'greeting' || link.at === 'waiting' ? link.attempt : 0;
}

function hangUp(link: Link): Effect[] {
  return link.at === 'dialing' || link.at === 'greeting' || link.at === 'live' ? [{ do: 'hangUp' }] : [];
}
