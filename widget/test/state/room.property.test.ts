import fc from 'fast-check';
import t from 'tap';
import { converges } from './room.story.ts';

t.test('snapshot, frames and pages make a fresh snapshot, however they come (P2, P3, P10, P11, P13)', async () => {
  fc.assert(converges, { numRuns: 5_000 });
});
