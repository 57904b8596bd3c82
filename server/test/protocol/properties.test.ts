import fc from 'fast-check';
import t from 'tap';
import { properties } from './properties.ts';

for (const { name, holds } of properties) {
  t.test(name, async (t) => {
    fc.assert(holds, { numRuns: 1_000 });
    t.pass();
  });
}
