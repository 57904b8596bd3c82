import fc, { type IProperty } from 'fast-check';
import { checkNick, checkText, type ClientFrame, countBytes, parseClientFrame, parseServerFrame, refusals } from '../../src/protocol/index.ts';
import { change, frame, hello, mutant } from './arbitraries.ts';
import { breach } from './contract.ts';

/** What holds of the parsers and of words for any input. The test runs each a little, the proof 100,000 times. */
export type Property = { name: string; holds: IProperty<unknown> };

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.json(), mutant);
const words = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 20 }), fc.string({ unit: fc.constantFrom(...' \u200d\ufe0f\u0301\u3164가a1❤👍👩🏽\u1100\u1161\u212b\u00a0é\r\n\u0000\u001b', '\ud83d', '\udc69'), maxLength: 16 }));

export const properties: readonly Property[] = [
  { name: 'whatever comes, the parser answers with a frame that keeps the contract or a code we know', holds: fc.property(anyText, (text) => {
    const parsed = parseClientFrame(text);
    if (!parsed.ok) return parsed.code in refusals && (parsed.cid === undefined || /^[\w-]{16,36}$/.test(parsed.cid));
    const broken = breach(parsed.frame);
    if (broken) throw new Error(`${broken} of ${JSON.stringify(parsed.frame)}`);
    return true;
  }) },
  { name: 'a good frame comes out as it was put in', holds: fc.property(frame, (good) => {
    const parsed = parseClientFrame(JSON.stringify(good));
    const wanted = 'v' in good ? { site: '', ...good, dropped: [] } : good;
    return parsed.ok && canonical(parsed.frame) === canonical(wanted);
  }) },
  { name: 'a parsed frame parses to itself', holds: fc.property(mutant, (text) => {
    const once = parseClientFrame(text);
    if (!once.ok) return true;
    const twice = parseClientFrame(JSON.stringify({ ...once.frame, dropped: undefined }));
    return twice.ok && canonical({ ...twice.frame, dropped: [] }) === canonical({ ...once.frame, dropped: [] });
  }) },
  { name: 'no claim of author, role, time or number reaches a frame (P6)', holds: fc.property(fc.oneof(change, hello), fc.dictionary(fc.constantFrom('author', 'role', 'at', 'rev', 'seq', 'admin', 'mod', 'created_at', 'address', 'was', 'dup', 'commit'), fc.constant('claimed'), { minKeys: 1 }), (good, claims) => {
    const parsed = parseClientFrame(JSON.stringify({ ...claims, ...good }));
    return parsed.ok && !JSON.stringify({ ...parsed.frame, dropped: undefined }).includes('claimed');
  }) },
  { name: 'a bad part of a hello is dropped by name and costs no other part (P1)', holds: fc.property(hello, fc.constantFrom('id', 'nick', 'avatar', 'at', 'key'), fc.constantFrom(0, '', '\u202e', [], true, 'x'), (good, part, strange) => {
    const parsed = parseClientFrame(JSON.stringify({ ...good, [part]: strange }));
    if (!parsed.ok || parsed.frame.t !== 'hello') return false;
    const { [part as 'id']: _, ...rest } = good;
    return parsed.frame.dropped.join() === part && canonical(parsed.frame) === canonical({ site: '', ...rest, dropped: [part] });
  }) },
  { name: 'a frame of our server is known or ignored, and never throws', holds: fc.property(anyText, (text) => {
    const read = parseServerFrame(text);
    return read === null || typeof read.t === 'string';
  }) },
  { name: 'no input changes what every object has', holds: fc.property(mutant, (text) => {
    parseClientFrame(text);
    return Object.keys(Object.prototype).length === 0 && ({} as { role?: string }).role === undefined;
  }) },
  { name: 'a nickname is in its one form after one check', holds: fc.property(words, (raw) => {
    const once = checkNick(raw);
    if (!once.ok) return once.code === 'nick_invalid' || once.code === 'nick_lookalike';
    const twice = checkNick(once.value);
    return twice.ok && twice.value === once.value && breach({ t: 'nick', nick: once.value, avatar: 'owl' }) === null;
  }) },
  { name: 'words are in their one form after one check, and lose no line', holds: fc.property(words, (raw) => {
    const once = checkText(raw);
    if (!once.ok) return ['empty', 'bad_text', 'too_long'].includes(once.code);
    const twice = checkText(once.value);
    return twice.ok && twice.value === once.value && breach({ t: 'edit', cid: 'c'.repeat(16), n: 1, text: once.value }) === null && once.value === raw.replace(/\r\n|\r/g, '\n').trim();
  }) },
  { name: 'words are too long exactly above 2,000 letters or 8 KiB', holds: fc.property(fc.constantFrom('a', '가', '👍', '👨‍👩‍👧'), fc.integer({ min: 1, max: 2_600 }), (letter, count) => {
    const checked = checkText(letter.repeat(count));
    return checked.ok === (count <= 2_000 && count * countBytes(letter) <= 8_192);
  }) },
];

/** Members in order of name, -0 as 0: what JSON can say of a frame. */
function canonical(frame: ClientFrame | object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(frame).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, name === 'at' ? Object.entries(value).sort() : value])));
}
