import t from 'tap';
import { ko } from '../../../widget/src/ui/words/ko.ts';
import { judge } from '../../dev/prove/rolling.ts';
import type { Noted } from '../browser/witness.ts';
import type { Rolling } from './rolling.ts';

/** Two pages, one replaced node, one client that it moved. */
function clean(): Rolling {
  const page = (): Noted => ({
    lines: [{ at: 0, status: 'live', notice: '' }], shown: { one: 1, two: 1 }, ends: [{ at: 1_000, code: 1012 }], heard: [10, 1_500],
    fates: { one: [{ at: 1_100, state: 'sending', words: ko.sending }, { at: 1_600, state: '', words: '' }] },
  });
  return {
    replacements: [{ node: 'north', code: 0, began: 900, ended: 1_200, readyAt: 1_800, served: 1 }],
    acknowledged: 1, resent: 0, waits: [3], passedOn: 1, knocks: { count: 9, failed: [] }, idle: [], violations: [], complaints: [], pages: [page(), page()], said: ['one', 'two'], saved: ['two', 'one'], endedAt: 20_000,
    history: { clients: [{ name: 'a', room: 'r', secret: null, events: [{ is: 'closed', when: 1_000, socket: 1, code: 1012 }], view: { epoch: '1', rev: 0, first: 1, low: 1, rows: [] } }], rooms: [] },
  };
}

t.test('a run in which nobody noticed anything is found to be one', async (t) => {
  t.same(judge(clean(), true).faults, []);
});

t.test('whatever somebody could notice, and a replacement that touched nobody, is named', async (t) => {
  const faults: Record<string, [spoil: (run: Rolling) => void, found: RegExp]> = {
    'a word that is not in the database': [(run) => void run.saved.pop(), /lost at a page: one/],
    'a word that is there twice': [(run) => void run.saved.push('one'), /doubled at a page: one/],
    'a word that stood twice on a screen': [({ pages }) => { if (pages[0]) pages[0].shown.one = 2; }, /doubled at a page: one/],
    'a word that another page never showed': [({ pages }) => { delete pages[1]?.shown.two; }, /page 2 never showed: two/],
    'a word that was not sent for a moment': [({ pages }) => void pages[0]?.fates.one?.splice(1, 0, { at: 1_200, state: 'failed', words: ko.unsent }), /not sent: one/],
    'a client that was refused': [({ history }) => void history.clients[0]?.events.push({ is: 'got', when: 5, socket: 1, frame: { t: 'no', cid: 'c', code: 'not_found' }, bytes: 1, took: 'none' }), /refused not_found/],
    'a line that stood for longer than five seconds': [({ pages }) => void pages[0]?.lines.push({ at: 2_000, status: 'joining', notice: '' }, { at: 7_001, status: 'live', notice: '' }), /“joining” stood for 5001 ms/],
    'a node that moved nobody': [({ history }) => { if (history.clients[0]) history.clients[0].events = []; }, /moved nobody/],
    'a node that served nobody': [({ replacements }) => { if (replacements[0]) replacements[0].served = 0; }, /served nobody/],
    'a complaint': [({ complaints }) => void complaints.push('north ended with 1'), /ended with 1/],
    'a violation': [({ violations }) => void violations.push({ kind: 'lost', room: 'r', cid: 'c', client: 'a' } as never), /"kind":"lost"/],
  };
  for (const [name, [spoil, found]] of Object.entries(faults)) {
    const run = clean();
    spoil(run);
    const told = judge(run, true).faults;
    t.equal(told.length, 1, name);
    t.match(told[0], found, name);
  }
});

t.test('where no clock can be trusted, how long a line stood is told and not judged', async (t) => {
  const run = clean();
  run.pages[0]?.lines.push({ at: 2_000, status: 'joining', notice: '' }, { at: 9_000, status: 'live', notice: '' });
  const { faults, figure } = judge(run, false);
  t.same(faults, []);
  t.match(figure, /longest 7\.0 s/);
});
