import t from 'tap';
import { createFlood } from '../../src/room/phases/flood.ts';
import type { Saying } from '../../src/room/saying.ts';
import { shapeOf } from '../../src/room/shape.ts';

const place = { site: '', post: 'p' };
const saying = (author: string, text: string, cid: string): Saying => ({ place, author, cid, text, shape: shapeOf(text), isNew: true, rank: 'new' });

t.test('what somebody said is remembered until they take it back, and nobody else’s is forgotten with it', async (t) => {
  const flood = createFlood(() => 0, 30_000);
  for (const author of ['anna', 'ben']) flood.note(saying(author, `${author}의 아주 긴 혼잣말`, 'c1'));
  t.match(flood.look(saying('anna', 'anna의 아주 긴 혼잣말', 'c2')), { code: 'duplicate' });
  flood.forget(place, 'anna');
  t.equal(flood.look(saying('anna', 'anna의 아주 긴 혼잣말', 'c2')), null);
  t.match(flood.look(saying('ben', 'ben의 아주 긴 혼잣말', 'c2')), { code: 'duplicate' });
  flood.forget({ site: '', post: 'q' }, 'ben');
  t.match(flood.look(saying('ben', 'ben의 아주 긴 혼잣말', 'c2')), { code: 'duplicate' });
});
