import fc from 'fast-check';
import t from 'tap';
import type { Outcome } from '../../src/log/messages.ts';
import { type Desk, openDesk } from './desk.ts';

/** What can happen at a desk within a deadline: somebody speaks, an append ends one way or another, time goes by. */
type Step = { do: 'say'; room: string } | { do: 'end'; which: number; how: 'save' | 'silent' | 'ECONNRESET' | 'ECONNREFUSED' | '40001' | '22021' } | { do: 'pass'; ms: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('say' as const), room: fc.constantFrom('a', 'b', 'c', 'd') }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(2), how: fc.constantFrom('save' as const, 'save' as const, 'silent' as const, 'ECONNRESET' as const, 'ECONNREFUSED' as const, '40001' as const, '22021' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 20, 30) }) },
);

async function take(desk: Desk, one: Step, spoken: Map<string, { room: string; text: string; outcome: Outcome | null }>): Promise<void> {
  if (one.do === 'say') {
    const entry: { room: string; text: string; outcome: Outcome | null } = { room: one.room, text: `${spoken.size}`, outcome: null };
    spoken.set(entry.text, entry);
    void desk.say(entry.room, entry.text).then((outcome) => { entry.outcome = outcome; });
    return desk.settle();
  }
  if (one.do === 'pass') return desk.pass(one.ms);
  const flight = desk.flights[one.which % Math.max(1, desk.flights.length)];
  if (one.how === 'save' || one.how === 'silent') await flight?.save({ silent: one.how === 'silent' });
  else await flight?.fail(one.how);
}

function check(desk: Desk): void {
  const rooms = desk.flights.flatMap(({ batch }) => batch.map(({ post }) => post));
  if (new Set(rooms).size < rooms.length) throw new Error(`two appends of one room: ${rooms}`);
  if (desk.flights.length > 3) throw new Error(`${desk.flights.length} appends under way`);
}

t.test('whatever happens to appends, a room keeps its order, and every answer is true', async (t) => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 120, size: 'max' }), async (steps) => {
    const desk = openDesk();
    const spoken: Parameters<typeof take>[2] = new Map();
    try {
      for (const one of steps) {
        await take(desk, one, spoken);
        check(desk);
      }
      for (let guard = 0; [...spoken.values()].some(({ outcome }) => !outcome) && guard < 200; guard += 1) {
        await desk.flights[0]?.save();
        await desk.pass(100);
      }
    } finally {
      desk.close();
    }
    for (const { room, text, outcome } of spoken.values()) {
      const n = (desk.saved[room] ?? []).indexOf(text) + 1;
      if (!outcome) throw new Error(`${text} was never answered`);
      if (outcome.is === 'saved' && outcome.n !== n) throw new Error(`${text} is ${n}, and was told ${outcome.n}`);
      if ((outcome.is === 'unsent' || outcome.is === 'refused') && n > 0) throw new Error(`${text} was saved, and told ${outcome.is}`);
    }
    for (const [room, saved] of Object.entries(desk.saved)) {
      const numbers = saved.map(Number);
      if (numbers.some((number, i) => i > 0 && number < (numbers[i - 1] ?? 0))) throw new Error(`room ${room} has ${saved}`);
    }
  }), { numRuns: 300 });
  t.pass();
});
