import { type ServerFrame, WHO_EVERY_MS } from '@aside/server/protocol';
import fc from 'fast-check';
import { type Happening, idle, step } from '../../src/net/link.ts';

export const welcome: ServerFrame = {
  t: 'welcome', v: 1, you: { author: null, nick: null, avatar: null, role: 'reader' }, room: { id: 'p', title: null }, epoch: '0', rev: 0, n: 0,
  first: 1, resumed: false, rows: [], more: false, mine: {}, here: 1, limits: { text: 2_000, nick: [2, 15], page: 50 },
};
export const beat: ServerFrame = { t: 'beat', rev: 0 };

const anyFrame = fc.constantFrom<ServerFrame | null>(
  welcome, welcome, welcome, beat, null, { t: 'bye', code: 1012, reason: '', after: [0, 5_000] }, { t: 'bye', code: 4504, reason: '', after: [0, 0] },
  { t: 'no', code: 'rate', retryAfter: 3_000 }, { t: 'no', code: 'bad_room' }, { t: 'here', count: 2 },
);
const older = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -2, max: -1 }) });
/** `dial` is drawn relative to the newest, so that both its events and those of the dead come. */
const anyHappening = fc.oneof<fc.WeightedArbitrary<(dial: number) => Happening>[]>(
  { weight: 4, arbitrary: fc.constantFrom('start', 'resume', 'stop', 'tick', 'tick', 'tick', 'hint', 'hint', 'hint', 'renew').map((t) => () => ({ t }) as Happening) },
  { weight: 2, arbitrary: older.map((by) => (dial) => ({ t: 'opened', dial: dial + by })) },
  { weight: 4, arbitrary: fc.tuple(older, anyFrame).map(([by, frame]) => (dial) => ({ t: 'frame', dial: dial + by, frame })) },
  { weight: 1, arbitrary: fc.tuple(older, fc.constantFrom(1000, 1006, 1012, 4001, 4504)).map(([by, code]) => (dial) => ({ t: 'lost', dial: dial + by, code })) },
);

/** Whatever happens, at most one socket and one timer, nobody is left without either, and no server is asked who is there more often than it answers. */
export const holdsOne = fc.property(fc.array(fc.tuple(anyHappening, fc.oneof(fc.nat(2_000), fc.nat(6_000), fc.nat(60_000)), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 60, size: 'max' }), (story) => {
  let link = idle;
  let now = 0;
  let sockets = 0;
  let timer: number | null = null;
  let asked = { dial: 0, at: 0 };
  for (const [make, pass, random] of story) {
    now += pass;
    const happening = make(link.dial);
    if (happening.t === 'tick') timer = null;
    const before = link;
    const [next, effects] = step(link, happening, { now, random });
    // The browser has closed the socket before it says so.
    if (happening.t === 'lost' && happening.dial === before.dial && sockets > 0) sockets = 0;
    for (const effect of effects) {
      if (effect.do === 'dial') sockets += 1;
      if (effect.do === 'hangUp') sockets = 0;
      if (effect.do === 'wake') timer = effect.at;
      if (effect.do === 'sleep') timer = null;
      if (effect.do === 'send' && effect.frame.t === 'who') {
        if (asked.dial === before.dial && now - asked.at < WHO_EVERY_MS) return false;
        asked = { dial: before.dial, at: now };
      }
      if (sockets > 1) return false;
    }
    link = next;
    const over = link.at === 'idle' || link.at === 'closed';
    if ((timer === null) !== over) return false;
    if ((over || link.at === 'waiting') && sockets > 0) return false;
  }
  return true;
});
