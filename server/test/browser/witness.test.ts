import t from 'tap';
import { findGaps, findSaidInGaps, findSendings, findTroubles, findUnsent } from './witness.ts';

const saved = { at: 90, state: '', words: '' };
const line = (at: number, status: string, notice = '') => ({ at, status, notice });

t.test('a trouble is told from its first word to its last, whatever it is called meanwhile', async (t) => {
  const lines = [line(0, 'quiet'), line(5, 'live'), line(10, 'joining'), line(20, 'offline'), line(30, 'live'), line(40, 'live', 'polling'), line(50, 'live')];
  t.same(findTroubles({ lines }, 60), [{ what: 'joining', ms: 20 }, { what: 'polling', ms: 10 }]);
  t.same(findTroubles({ lines: [line(10, 'closed')] }, 60), [{ what: 'closed', ms: 50 }], 'one that still stands');
});

t.test('a word is not sent when anything was said of it but that it is being sent', async (t) => {
  const fates = {
    fine: [{ at: 1, state: 'sending', words: '…' }, { at: 2, state: 'sent', words: '10:00' }, saved],
    late: [{ at: 1, state: 'sending', words: 'not saved yet' }, saved],
    failed: [{ at: 1, state: 'sending', words: '…' }, { at: 2, state: 'failed', words: 'not sent' }],
  };
  t.same(findUnsent({ fates }, '…').map(({ text }) => text), ['late', 'failed']);
  t.same(findSendings({ fates }, 100), [89, 89, 99]);
});

t.test('a gap lasts until a server is heard again, however many sockets end meanwhile', async (t) => {
  const ends = [{ at: 10, code: 1012 }, { at: 15, code: 1006 }, { at: 30, code: 1012 }, { at: 50, code: 1012 }];
  const heard = [5, 20, 33];
  t.same(findGaps({ ends, heard }, 60), [{ from: 10, to: 20 }, { from: 30, to: 33 }, { from: 50, to: 60 }]);
  const fates = { before: [{ at: 9, state: 'sending', words: '' }], inside: [{ at: 12, state: 'sending', words: '' }], after: [{ at: 20, state: 'sending', words: '' }] };
  t.same(findSaidInGaps({ ends, heard, fates, lines: [], shown: {} }, 60), ['inside']);
});
