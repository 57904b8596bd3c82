import t from 'tap';
import { findNoticed } from '../../dev/prove/deploy.ts';
import type { ClientEvent, ClientRecord } from './history.ts';
import type { Rolling } from './rolling.ts';

function record(events: ClientEvent[]): ClientRecord {
  return { name: 'a', room: 'r', secret: null, events, view: { epoch: '1', rev: 0, first: 1, low: 1, rows: [] } };
}

/** A node that took its forty seconds, a client and a page that it moved. */
function clean(): Rolling {
  return {
    replacements: [{ node: 'north', code: 0, began: 0, ended: 40_000, readyAt: 41_000, served: 1 }],
    acknowledged: 1, resent: 0, waits: [3], passedOn: 0, knocks: { count: 9, failed: [] }, violations: [], complaints: [], said: [], saved: [], endedAt: 50_000,
    pages: [{ lines: [], shown: {}, ends: [{ at: 1_000, code: 1012 }], heard: [10, 1_500], fates: {} }],
    history: { clients: [record([{ is: 'got', when: 1, socket: 1, frame: { t: 'beat', rev: 0 } as never, bytes: 1, took: 'none' }, { is: 'closed', when: 2, socket: 1, code: 1012 }])], rooms: [] },
    idle: [record([])],
  };
}

t.test('a rollout in which everybody was told where to go is found to be one', async (t) => {
  t.same(findNoticed(clean()), []);
});

t.test('whatever a rollout shows its readers is named', async (t) => {
  const faults: Record<string, [spoil: (run: Rolling) => void, found: RegExp]> = {
    'a node that took longer': [({ replacements }) => { if (replacements[0]) replacements[0].ended = 40_001; }, /north ended 40001 ms/],
    'a page that could not be had': [(run) => { run.knocks = { count: 9, failed: ['503 /room/x'] }; }, /failed: 503/],
    'a client that was cut': [({ history }) => void history.clients[0]?.events.push({ is: 'closed', when: 3, socket: 1, code: 1006 }), /a lost its socket without a word/],
    'an idle reader that was refused': [({ idle }) => void idle[0]?.events.push({ is: 'closed', when: 3, socket: 1, code: 1006 }), /a was refused a socket/],
    'a page that was cut': [({ pages }) => void pages[0]?.ends.push({ at: 2, code: 1006 }), /page 1 lost its socket/],
    'a room that was given anew': [({ history }) => void history.clients[0]?.events.push({ is: 'got', when: 3, socket: 1, frame: { t: 'reset' } as never, bytes: 1, took: 'none' }), /given its room anew/],
  };
  for (const [name, [spoil, found]] of Object.entries(faults)) {
    const run = clean();
    spoil(run);
    const told = findNoticed(run);
    t.equal(told.length, 1, name);
    t.match(told[0], found, name);
  }
});
