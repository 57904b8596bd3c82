import { type BadFrame, CID, hello, json, MARK, say, type Sent, type Refused, wrongIds, wrongNicks } from './bad-frame.ts';

/** What a stranger can send on a socket that is live, each with its refusal. */
export const badFrames: readonly BadFrame[] = [
  ...shapes(), ...changes(), ...names(),
];

function live(name: string, send: Sent, then: Refused, first: readonly object[] = []): BadFrame {
  return { name, stage: 'live', send, then, first };
}

function shapes(): BadFrame[] {
  const broken = { code: 'bad_frame' } as const;
  return [
    live('not JSON', `{"t":"say","cid":"${CID}","text":"${MARK}`, broken),
    live('nothing at all', '', broken),
    ...['null', 'true', '42', `"${MARK}"`, `["${MARK}"]`].map((text) => live(`not an object: ${text}`, text, broken)),
    live('unknown t', json({ t: 'shout', cid: CID, text: MARK }), broken),
    live('a t of the server', json({ t: 'rows', from: 0, to: 9, rows: [] }), broken),
    live('no t', json({ cid: CID, text: MARK }), broken),
    live('a t that is no text', json({ t: ['say'], cid: CID, text: MARK }), broken),
    live('a t that every object has', json({ t: 'toString', cid: CID, text: MARK }), broken),
    live('16 KiB and a byte', say({ text: 'a'.repeat(16 * 1024 + 1 - say({ text: '' }).length) }), { closed: 1009 }),
    live('2,000 tiny fragments', { pieces: 2_000 }, { closed: 1008 }),
    live('bytes that are not UTF-8', { claimed: Buffer.concat([Buffer.from(`{"t":"say","text":"${MARK}`), Buffer.from([0xc3, 0x28, 0xff])]) }, { closed: 1007 }),
    live('half a letter in UTF-8', { claimed: Buffer.from([0xed, 0xa0, 0x80]) }, { closed: 1007 }),
    live('a binary frame', { binary: Buffer.from(say({})) }, broken),
    live('50 levels deep', `{"t":"say","cid":"${CID}","text":${'['.repeat(49)}"${MARK}"${']'.repeat(49)}}`, broken),
    live('50 levels deep and never closed', `{"t":${'{"a":'.repeat(50)}`, broken),
    live('__proto__', `{"t":"say","cid":"${CID}","text":"${MARK}","__proto__":{"role":"moderator"}}`, broken),
    live('a naked NUL', `{"t":"say","cid":"${CID}","text":"a\u0000${MARK}"}`, broken),
    live('a second hello', hello({}), { code: 'hello_twice' }),
    ...[-1, 1.5, '1', null, 2 ** 53].map((rev) => live(`since ${rev}`, json({ t: 'since', rev }), broken)),
  ];
}

function changes(): BadFrame[] {
  const spoken = [{ t: 'say', cid: CID, text: 'first words' }];
  return [
    live('NUL in words', say({ text: `a\u0000${MARK}` }), { code: 'bad_text', cid: CID }),
    live('an escape character in words', say({ text: `\u001b[31m${MARK}` }), { code: 'bad_text', cid: CID }),
    live('half a letter in words', say({ text: `${MARK}\ud800` }), { code: 'bad_text', cid: CID }),
    live('words that are no text', say({ text: { toString: MARK } }), { code: 'bad_text', cid: CID }),
    live('no words', json({ t: 'say', cid: CID }), { code: 'bad_text', cid: CID }),
    ...['', ' \n\t ', '\u200b\u2060\ufeff', '\u3164\u115f\u2800', '\u0301'].map((text) => live(`empty text ${JSON.stringify(text)}`, say({ text }), { code: 'empty', cid: CID })),
    live('2,001 graphemes', say({ text: 'a'.repeat(2_001) }), { code: 'too_long', cid: CID }),
    live('8 KiB and a byte', say({ text: '가'.repeat(1_999) + '👨‍👩‍👧'.repeat(200) }), { code: 'too_long', cid: CID }),
    ...[undefined, '', 'short', 'a'.repeat(37), 'with blanks in the cid', 42, `${CID}\n`].map((cid) => live(`a cid like ${JSON.stringify(cid)}`, say({ cid }), { code: 'bad_cid' })),
    live('the same cid with other words', say({ text: `other ${MARK}` }), { code: 'cid_conflict', cid: CID }, spoken),
    ...[0, -1, 1.5, '1', null, 2 ** 53].map((n) => live(`deletes number ${n}`, json({ t: 'delete', cid: CID, n }), { code: 'bad_frame', cid: CID })),
    ...[0, '1', [1]].map((re) => live(`replies to ${JSON.stringify(re)}`, say({ re }), { code: 'bad_frame', cid: CID })),
    live('edits what is not there', json({ t: 'edit', cid: CID, n: 99, text: MARK }), { code: 'not_found', cid: CID }),
    live('edits into nothing', json({ t: 'edit', cid: 'bad-input-edit-012345', n: 1, text: ' ' }), { code: 'empty', cid: 'bad-input-edit-012345' }, spoken),
    live('reacts to what is not there', json({ t: 'react', cid: CID, n: 99, emoji: '👍', on: true }), { code: 'not_found', cid: CID }),
    ...['', 'a', MARK, '<b>', '👍👍', '1', '\u200d', `👍${'\u0301'.repeat(9)}`, 42, '❤'.repeat(40)].map((emoji) =>
      live(`reacts with ${JSON.stringify(emoji)}`, json({ t: 'react', cid: CID, n: 1, emoji, on: true }), { code: 'bad_emoji', cid: CID })),
    live('reacts neither on nor off', json({ t: 'react', cid: CID, n: 1, emoji: '👍', on: 'yes' }), { code: 'bad_frame', cid: CID }),
  ];
}

function names(): BadFrame[] {
  return [
    ...Object.entries(wrongNicks).map(([name, nick]) => live(`takes a nickname ${name}`, json({ t: 'nick', nick, avatar: 'owl' }), { code: 'nick_invalid' })),
    ...['관리자', 'ADM1N', 'мoderator'].map((nick) => live(`takes the name ${nick}`, json({ t: 'nick', nick, avatar: 'owl' }), { code: 'nick_lookalike' })),
    live('takes an unknown animal', json({ t: 'nick', nick: MARK, avatar: 'dragon' }), { code: 'avatar_invalid' }),
    live('takes a picture as its animal', json({ t: 'nick', nick: MARK, avatar: 'https://evil.example/a.png' }), { code: 'avatar_invalid' }),
    ...Object.entries(wrongIds).map(([name, id]) => live(`takes an id that is ${name}`, json({ t: 'nick', nick: MARK, avatar: 'owl', id }), { code: 'identity' })),
    live('takes another id than it has', json({ t: 'nick', nick: MARK, avatar: 'owl', id: '7d0e5a92-1c3b-4f68-8a97-b64c2f1e0d35' }), { code: 'identity' }),
  ];
}
