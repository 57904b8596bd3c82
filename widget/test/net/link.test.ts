import type { ServerFrame } from '@aside/server/protocol';
import fc from 'fast-check';
import t from 'tap';
import { DIAL_WITHIN_MS, type Effect, FLOOR_MS, type Happening, idle, type Link, PROBE_WITHIN_MS, step } from '../../src/net/link.ts';
import { beat, holdsOne, welcome } from './link.story.ts';

const env = { now: 1_000_000, random: 0.5 };
const dialing: Link = { at: 'dialing', dial: 3, attempt: 2, unheard: 2, until: env.now + 5_000 };
const greeting: Link = { ...dialing, at: 'greeting' };
const live: Link = { at: 'live', dial: 3, heardAt: env.now - 1_000, limit: 40_000 };
const waiting: Link = { at: 'waiting', dial: 3, attempt: 1, unheard: 1, floor: env.now - 1, until: env.now + 9_000 };
const closed: Link = { at: 'closed', dial: 3, code: 4504 };
const states = [idle, dialing, greeting, live, waiting, closed];

const frame = (frame: ServerFrame | null, dial = 3): Happening => ({ t: 'frame', dial, frame });
const names = (effects: readonly Effect[]) => effects.map((effect) => effect.do);

t.test('a start dials, and what is dialed has its time', async (t) => {
  const [next, effects] = step(idle, { t: 'start' }, env);
  t.match(next, { at: 'dialing', dial: 1, attempt: 0, until: env.now + DIAL_WITHIN_MS });
  t.same(effects, [{ do: 'dial', dial: 1 }, { do: 'wake', at: env.now + DIAL_WITHIN_MS }]);
  t.equal(step(closed, { t: 'start' }, env)[0].at, 'dialing', 'by the own hand also after the last word');
});

t.test('an open socket is greeted, a welcome makes it live', async (t) => {
  const [greeted, hello] = step(dialing, { t: 'opened', dial: 3 }, env);
  t.equal(greeted.at, 'greeting');
  t.same(hello, [{ do: 'greet' }]);
  const [lively, effects] = step(greeting, frame(welcome), env);
  t.match(lively, { at: 'live', heardAt: env.now, limit: 40_000 });
  t.same(names(effects), ['deliver', 'wake']);
});

t.test('events of an older dial are nothing', async (t) => {
  for (const state of states) {
    for (const happening of [{ t: 'opened', dial: 2 }, { t: 'lost', dial: 2, code: 4504 }, frame(welcome, 2), frame({ t: 'bye', code: 1012, reason: '', after: [0, 1] }, 2)] as const) {
      t.strictSame(step(state, happening, env), [state, []], `${state.at} ${happening.t}`);
    }
  }
});

t.test('a final code ends it, said or closed with', async (t) => {
  for (const state of [dialing, greeting, live]) {
    t.match(step(state, { t: 'lost', dial: 3, code: 4504 }, env), [{ at: 'closed', code: 4504 }, [{ do: 'hangUp' }, { do: 'sleep' }]]);
  }
  t.match(step(live, frame({ t: 'bye', code: 4504, reason: 'banned', after: [0, 0] }), env)[0], { at: 'closed', code: 4504 });
  t.same(step(closed, { t: 'tick' }, env), [closed, []]);
  t.same(step(closed, { t: 'hint' }, env), [closed, []]);
});

t.test('any other loss waits with full jitter', async (t) => {
  const until = (link: Link, random: number) => {
    const [next] = step(link, { t: 'lost', dial: 3, code: 1006 }, { ...env, random });
    return next.at === 'waiting' ? next.until - env.now : -1;
  };
  t.equal(until(live, 0), 0);
  t.equal(until(live, 0.999), 4_995, 'the first within five seconds');
  t.equal(until({ ...greeting, attempt: 2 }, 0.5), 2_000, 'then half of 2² seconds');
  t.equal(until({ ...dialing, attempt: 9 }, 1), 30_000, 'never more than thirty');
});

t.test('attempts are forgotten at live only: who accepts and drops is not hammered', async (t) => {
  let link: Link = { ...waiting, attempt: 4, until: env.now };
  [link] = step(link, { t: 'tick' }, env);
  t.match(link, { at: 'dialing', dial: 4, attempt: 5 });
  [link] = step(link, { t: 'opened', dial: 4 }, env);
  [link] = step(link, { t: 'lost', dial: 4, code: 1006 }, env);
  t.match(link, { at: 'waiting', attempt: 5 });
  t.match(step(live, { t: 'lost', dial: 3, code: 1006 }, env)[0], { at: 'waiting', attempt: 0 });
});

t.test('a server that names the wait is waited for, and no hint shortens it', async (t) => {
  const [next, effects] = step(live, frame({ t: 'bye', code: 1012, reason: 'restart', after: [2_000, 6_000] }), env);
  t.match(next, { at: 'waiting', until: env.now + 4_000, floor: env.now + 4_000 });
  t.same(names(effects), ['hangUp', 'wake']);
  t.match(step(next, { t: 'hint' }, env)[0], { at: 'waiting', until: env.now + 4_000 });
  const [refused] = step(greeting, frame({ t: 'no', code: 'overloaded', retryAfter: 8_000 }), { ...env, random: 0 });
  t.match(refused, { at: 'waiting', until: env.now + 8_000, floor: env.now + 8_000 });
});

t.test('a hint shortens a wait, never below the floor, and never restarts a young dial', async (t) => {
  t.equal(step(waiting, { t: 'hint' }, env)[0].at, 'dialing');
  const [lost] = step(live, { t: 'lost', dial: 3, code: 1006 }, env);
  t.match(step(lost, { t: 'hint' }, env)[0], { at: 'waiting', until: env.now + FLOOR_MS });
  t.strictSame(step(dialing, { t: 'hint' }, env)[0], dialing);
});

t.test('a hint makes a silent socket prove itself, and one that does not is dialed anew at once', async (t) => {
  const quiet: Link = { ...live, heardAt: env.now - 5_000 };
  const [asked, effects] = step(quiet, { t: 'hint' }, env);
  t.same(effects, [{ do: 'send', frame: { t: 'who' } }, { do: 'wake', at: env.now + PROBE_WITHIN_MS }]);
  t.strictSame(step(asked, { t: 'hint' }, env), [asked, [{ do: 'wake', at: env.now + PROBE_WITHIN_MS }]], 'asked once');
  const late = { ...env, now: env.now + PROBE_WITHIN_MS };
  t.match(step(asked, { t: 'tick' }, late), [{ at: 'dialing', dial: 4, attempt: 0 }, [{ do: 'hangUp' }, { do: 'dial', dial: 4 }, { do: 'wake' }]]);
  for (const answer of [{ t: 'names' as const, names: [] }, beat, null]) {
    const [heard] = step(asked, frame(answer), env);
    t.same(heard, { ...live, heardAt: env.now }, 'whatever comes is proof enough');
    t.match(step(heard, { t: 'tick' }, late)[0], { at: 'live' });
  }
});

t.test('a server that spoke a moment ago is asked when it would answer, unless it speaks before', async (t) => {
  const [doubting, effects] = step(live, { t: 'hint' }, env);
  t.same(effects, [{ do: 'wake', at: live.heardAt + 5_000 }]);
  const due = { ...env, now: live.heardAt + 5_000 };
  t.same(names(step(doubting, { t: 'tick' }, due)[1]), ['send', 'wake']);
  const [heard] = step(doubting, frame(beat), env);
  t.same(step(heard, { t: 'tick' }, due)[1], [{ do: 'wake', at: env.now + live.limit }]);
});

t.test('a doubt does not outlast the silence that is a loss anyway', async (t) => {
  const [asked] = step({ ...live, heardAt: env.now - 38_000 }, { t: 'hint' }, env);
  t.match(asked, { probe: { asked: true, by: env.now + 2_000 } });
});

t.test('dials that nobody spoke on are counted, until somebody does', async (t) => {
  const count = (link: Link, happening: Happening) => {
    const [next] = step(link, happening, env);
    return 'unheard' in next ? next.unheard : 'none';
  };
  t.equal(count(dialing, { t: 'lost', dial: 3, code: 1006 }), 3);
  t.equal(count(greeting, { t: 'lost', dial: 3, code: 1006 }), 3, 'opened by something in between');
  t.equal(count({ ...waiting, until: env.now }, { t: 'tick' }), 1);
  t.equal(count(dialing, { t: 'opened', dial: 3 }), 2);
  t.equal(count(greeting, frame({ t: 'no', code: 'overloaded', retryAfter: 8_000 })), 0, 'a server that asks for patience is there');
  t.equal(count(greeting, frame(welcome)), 'none');
  t.equal(count(live, { t: 'lost', dial: 3, code: 1006 }), 0, 'a socket that was live is no failed dial');
});

t.test('silence longer than was drawn is a loss (P8)', async (t) => {
  t.match(step(live, { t: 'tick' }, { ...env, now: live.heardAt + live.limit })[0], { at: 'waiting' });
  t.same(step(live, { t: 'tick' }, env), [live, [{ do: 'wake', at: live.heardAt + live.limit }]], 'an early timer is set anew');
  t.match(step(live, { t: 'hint' }, { ...env, now: live.heardAt + live.limit })[0], { at: 'dialing' }, 'after a night asleep the reader does not wait either');
  t.match(step(live, frame(null), env)[0], { heardAt: env.now }, 'a frame of a later version is heard');
  for (const random of [0, 1]) {
    const [next] = step(greeting, frame(welcome), { ...env, random });
    t.match(next, { limit: random === 0 ? 35_000 : 45_000 });
  }
});

t.test('a beat is answered and delivered', async (t) => {
  t.same(step(live, frame(beat), env)[1], [{ do: 'send', frame: { t: 'pong' } }, { do: 'deliver', frame: beat }]);
});

t.test('a dial and a greeting have their time-out', async (t) => {
  for (const state of [dialing, greeting]) {
    const [next, effects] = step(state, { t: 'tick' }, { ...env, now: env.now + 5_000 });
    t.equal(next.at, 'waiting');
    t.same(names(effects), ['hangUp', 'wake']);
  }
});

t.test('what is held is of another epoch: hang up and come back; stop means stop', async (t) => {
  t.match(step(live, { t: 'renew' }, env), [{ at: 'waiting', attempt: 0 }, [{ do: 'hangUp' }, { do: 'wake' }]]);
  for (const state of states.slice(0, -1)) t.match(step(state, { t: 'stop' }, env)[0], { at: 'idle', dial: state.dial });
});

t.test('who leaves hangs up and dials on return, but no coming and going undoes the last word', async (t) => {
  const [left, effects] = step(live, { t: 'stop' }, env);
  t.same(names(effects), ['hangUp', 'sleep']);
  t.match(step(left, { t: 'resume' }, env), [{ at: 'dialing', dial: 4, attempt: 0, unheard: 0 }, [{ do: 'dial' }, { do: 'wake' }]]);
  for (const state of states.slice(1)) t.strictSame(step(state, { t: 'resume' }, env), [state, []], state.at);
  t.strictSame(step(closed, { t: 'stop' }, env), [closed, []]);
});

t.test('whatever happens, at most one socket and one timer, and nobody is left without either', async () => {
  fc.assert(holdsOne, { numRuns: 2_000 });
});
