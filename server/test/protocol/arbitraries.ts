import fc from 'fast-check';
import { avatars } from '../../src/protocol/index.ts';

/** Frames as a good client writes them: parsing must give back exactly these. */
const emoji = fc.constantFrom('👍', '❤️', '🥳', '👨‍👩‍👧', '🇰🇷', '1️⃣', '👋🏽', '🏴󠁧󠁢󠁥󠁮󠁧󠁿');
const cid = fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'), minLength: 16, maxLength: 36 });
const id = fc.uuid({ version: 4 }).filter((id) => new Set(id.replaceAll('-', '')).size > 4);
const nick = fc.string({ unit: fc.constantFrom(...'가나다라마바사아자차카타하너구리여우abcdefgxyz한글'), minLength: 2, maxLength: 15 }).filter((nick) => !/[a-z]{3}/.test(nick));
const avatar = fc.constantFrom(...avatars);
const unit = fc.constantFrom('a', 'B', '7', ' ', '\n', '가', '힣', 'é', 'ß', '中', '👍', '👨‍👩‍👧', '"', '\\', '<', '&', '\u202e', '\u200d', '{', '…');
const text = fc.string({ unit, minLength: 1, maxLength: 60 }).map((text) => `x${text}y`);
const count = fc.oneof(fc.nat(1_000), fc.maxSafeNat());
const number = fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
const epoch = fc.oneof(fc.constant('0'), fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 16, maxLength: 16 }));
const postId = fc.string({ unit: fc.constantFrom(...'abc/-_.?#%& 가나👍<"'), minLength: 1, maxLength: 255 }).filter((id) => [...id].length <= 255);
const site = fc.string({ unit: fc.constantFrom(...'abcdef.-'), maxLength: 64 });

const optional = { requiredKeys: ['t', 'v', 'room'] as ('t' | 'v' | 'room')[] };
export const hello = fc.record({ t: fc.constant('hello'), v: fc.constant(1), room: postId, site, id, nick, avatar, at: fc.record({ epoch, rev: count, low: count }, { requiredKeys: ['epoch', 'rev'] }) }, optional);
export const change = fc.oneof(
  fc.record({ t: fc.constant('say'), cid, text, re: number, pic: count }, { requiredKeys: ['t', 'cid', 'text'] }),
  fc.record({ t: fc.constant('edit'), cid, n: number, text }),
  fc.record({ t: fc.constant('delete'), cid, n: number }),
  fc.record({ t: fc.constant('react'), cid, n: number, emoji, on: fc.boolean() }),
);
const gesture = fc.oneof(
  fc.record({ t: fc.constant('nick'), nick, avatar, id }, { requiredKeys: ['t', 'nick', 'avatar'] }),
  fc.record({ t: fc.constantFrom('typing', 'who', 'pong') }),
  fc.record({ t: fc.constant('since'), rev: count }),
);
export const frame: fc.Arbitrary<object> = fc.oneof(hello, change, gesture);

const values = fc.oneof(fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 53, '', '0', [], {}, '\ud800', 'ab\ud83d', '\udc00cd', '\u0000', 'ab\u001bcd', 'admin', 'moderator'), fc.anything({ withNullPrototype: true, withUnicodeString: true } as fc.ObjectConstraints), fc.string({ unit: 'binary' }));
const members = ['t', 'v', 'room', 'site', 'id', 'nick', 'avatar', 'at', 'cid', 'text', 're', 'pic', 'n', 'emoji', 'on', 'rev', 'key', 'author', 'role', '__proto__', 'constructor'];

/** A good frame with some members made strange, and some strange ones put in; sometimes with its bytes cut and swapped. */
export const mutant: fc.Arbitrary<string> = fc.tuple(frame, fc.array(fc.tuple(fc.constantFrom(...members), values), { maxLength: 4 }), fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...'{}[]",:\\\u0000a0-')), { maxLength: 3 })).map(([frame, strange, wounds]) => {
  const body: [string, unknown][] = [...Object.entries(frame).filter(([name]) => !strange.some(([other]) => other === name)), ...strange];
  let text = `{${body.map(([name, value]) => `${JSON.stringify(name)}:${write(value)}`).join(',')}}`;
  for (const [at, drop, put] of wounds) text = text.slice(0, at % text.length) + put + text.slice((at % text.length) + drop);
  return text;
});

function write(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return '"no JSON"';
  }
}
