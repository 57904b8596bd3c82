import t from 'tap';
import { seedRandom } from '../faults/random.ts';
import { findSecret } from './host/secret.ts';
import { kinds } from './xss/kinds.ts';
import { drawPayloads, withoutDigits } from './xss/payload.ts';

const home = '127.0.0.1:4000';

t.test('5,000 payloads of more than twelve classes are all different when digits are left out, and a seed brings them back', async (t) => {
  const payloads = drawPayloads(5_000, seedRandom(1), home);
  t.equal(new Set(payloads.map(({ text }) => withoutDigits(text))).size, 5_000);
  const tally = Map.groupBy(payloads, ({ kind }) => kind);
  t.ok(tally.size >= 12);
  t.equal(tally.size, Object.keys(kinds).length);
  for (const [kind, all] of tally) t.ok(all.length >= 100, `${kind}: ${all.length}`);
  t.same(drawPayloads(200, seedRandom(1), home), payloads.slice(0, 200));
  t.notSame(drawPayloads(200, seedRandom(2), home), payloads.slice(0, 200));
});

t.test('a secret is found however it is written, and nothing else is', async (t) => {
  const id = '3f2b8c1d-9e4a-4b6f-8a21-0c5d7e9f1b3a';
  const written = [id, id.toUpperCase(), id.replaceAll('-', ''), id.slice(-12), id.slice(0, 18), btoa(id), Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url'), Buffer.from(id).toString('hex')];
  for (const one of written) t.equal(findSecret(id, { here: `some words and ${one} and more` }).length, 1, one);
  t.same(findSecret(id, { here: crypto.randomUUID(), there: 'k3v2abcdefghijkl' }), []);
});
