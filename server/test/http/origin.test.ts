import fc from 'fast-check';
import t from 'tap';
import { addressKey, whoAsks } from '../../src/http/origin.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { origins, PUBLIC_URL } from './origins.ts';
import { knock } from './raw.ts';

const database = await openDatabase();
const named = await openServer(database.url, { PUBLIC_URL });
const unnamed = await openServer(database.url);
t.teardown(async () => {
  await named.close();
  await unnamed.close();
  await database.close();
});

t.test('of all that Origin can say, only our own, a sandbox and none at all are let in', async (t) => {
  t.ok(origins.length >= 30);
  for (const { name, origin, from } of origins) {
    t.equal(whoAsks(origin, 'anything.example', PUBLIC_URL), from, name);
    const { status, headers } = await knock(named.http, '/ws', origin === undefined ? [] : [['Origin', origin]]);
    t.equal(status, from === 'foreign' ? 403 : 101, name);
    if (from === 'foreign') t.match(headers['content-type'], 'application/problem+json');
  }
  t.equal((await knock(named.http, '/ws', [['Origin', PUBLIC_URL], ['Origin', 'https://evil.example']])).status, 403, 'two headers');
});

t.test('a server that was told no address takes the one it was asked by for its own', async (t) => {
  const { host } = new URL(unnamed.http);
  for (const [origin, status] of [[`http://${host}`, 101], [`https://${host}`, 101], ['http://127.0.0.1', 403], [`http://${host}0`, 403], [`http://a.${host}`, 403], ['https://blog.example', 403]] as const) {
    t.equal((await knock(unnamed.http, '/ws', [['Origin', origin]])).status, status, origin);
  }
  t.equal((await knock(unnamed.http, '/ws', [['Host', 'localhost:8080'], ['Origin', 'http://localhost:8080']])).status, 101);
  t.equal((await knock(unnamed.http, '/ws', [['Host', 'evil.example'], ['Origin', 'http://localhost:8080']])).status, 403);
  t.equal(whoAsks('http://a', undefined, ''), 'foreign');
});

t.test('an address is counted as itself, an IPv6 one by its /64, however it is written', async (t) => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
  const v6 = fc.tuple(fc.array(group, { minLength: 4, maxLength: 4 }), fc.array(group, { minLength: 4, maxLength: 4 }));
  fc.assert(fc.property(v6, fc.array(group, { minLength: 4, maxLength: 4 }), ([net, one], other) => {
    const key = addressKey([...net, ...one].join(':'));
    return key === addressKey([...net, ...other].join(':').toUpperCase()) && key === addressKey(`${[...net, ...one].map((part) => part.padStart(4, '0')).join(':')}%eth0`);
  }));
  fc.assert(fc.property(v6, fc.nat(3), ([net, one], at) => {
    const zeroed = [...net, ...one].map((part, i) => (i >= at && i < at + 4 ? '0' : part));
    const short = `${zeroed.slice(0, at).join(':')}::${zeroed.slice(at + 4).join(':')}`;
    return addressKey(short) === addressKey(zeroed.join(':'));
  }));
  fc.assert(fc.property(fc.ipV4(), (address) => addressKey(address) === address && addressKey(`::ffff:${address}`) === address && addressKey(`::FFFF:${address}`) === address));
  fc.assert(fc.property(v6, v6, ([a, x], [b, y]) => (a.join() === b.join()) === (addressKey([...a, ...x].join(':')) === addressKey([...b, ...y].join(':')))));
  t.equal(addressKey('::1'), addressKey('0:0:0:0:0:0:0:2'));
  fc.assert(fc.property(fc.string(), (text) => typeof addressKey(text) === 'string'));
});
