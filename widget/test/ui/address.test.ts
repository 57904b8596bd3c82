import t from 'tap';
import { addressOf, readAddress } from '../../src/ui/address.ts';

t.test('every message has an address', async (t) => {
  t.same(readAddress(addressOf(12)), { n: 12, y: null });
  for (const other of ['', '#', '#m', '#m0', '#m-1', '#m1.5', '#m12x', '#12', '#m9999999999999999']) t.equal(readAddress(other), null, other);
});
