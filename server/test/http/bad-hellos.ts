import { type BadFrame, CID, hello, json, MARK, type Refused, say, wrongIds, wrongNicks } from './bad-frame.ts';

/** What a stranger can send before it is in a room. A bad part of a hello is dropped and named; it locks nobody out. */
export const badHellos: readonly BadFrame[] = [...early(), ...places(), ...parts()];

function fresh(name: string, send: string, then: Refused): BadFrame {
  return { name, stage: 'fresh', send, then };
}

function early(): BadFrame[] {
  return [
    fresh('says before hello', say({}), { code: 'hello_first', cid: CID }),
    fresh('takes a name before hello', json({ t: 'nick', nick: MARK, avatar: 'owl' }), { code: 'hello_first' }),
    fresh('asks who is here before hello', json({ t: 'who' }), { code: 'hello_first' }),
    fresh('is no JSON before hello', MARK, { code: 'bad_frame' }),
    fresh('hello without a version', hello({ v: undefined }), { closed: 4501 }),
    fresh('hello of version 2', hello({ v: 2 }), { closed: 4501 }),
    fresh('hello of version "1"', hello({ v: '1' }), { closed: 4501 }),
  ];
}

function places(): BadFrame[] {
  const rooms: Record<string, unknown> = {
    missing: undefined, empty: '', 'a number': 42, 'a list': [MARK], 'of 256 characters': '가'.repeat(256), 'with a line break': `${MARK}\n${MARK}`,
    'with NUL': `${MARK}\u0000`, 'with a tab': `\t${MARK}`, 'with DEL': `${MARK}\u007f`, 'with half a letter': `${MARK}\udc00`, 'with a line separator': `${MARK}\u2028`,
  };
  const sites: Record<string, unknown> = { 'a number': 42, 'of 65 characters': 'a'.repeat(65), 'with a line break': `${MARK}\n` };
  return [
    ...Object.entries(rooms).map(([name, room]) => fresh(`a post id ${name}`, hello({ room }), { code: 'bad_room' })),
    ...Object.entries(sites).map(([name, site]) => fresh(`a site ${name}`, hello({ site }), { code: 'bad_site' })),
  ];
}

function parts(): BadFrame[] {
  const at: Record<string, unknown> = {
    'a number': 7, 'a list': [], 'no epoch': { rev: 1 }, 'an epoch of words': { epoch: MARK, rev: 1 }, 'a number below zero': { epoch: '0', rev: -1 },
    'a broken number': { epoch: '0123456789abcdef', rev: 1.5 }, 'a bad low': { epoch: '0123456789abcdef', rev: 1, low: '1' },
  };
  return [
    ...Object.entries(wrongIds).map(([name, id]) => fresh(`hello with an id that is ${name}`, hello({ id }), { dropped: 'id' })),
    ...Object.entries(wrongNicks).map(([name, nick]) => fresh(`hello with a nickname ${name}`, hello({ nick }), { dropped: 'nick' })),
    fresh('hello with the name of the house', hello({ nick: 'Ａｄｍｉｎ' }), { dropped: 'nick' }),
    fresh('hello with an unknown animal', hello({ avatar: 'dragon' }), { dropped: 'avatar' }),
    ...Object.entries(at).map(([name, value]) => fresh(`hello that was at ${name}`, hello({ at: value }), { dropped: 'at' })),
    fresh('hello with a key that opens nothing', hello({ key: MARK }), { dropped: 'key' }),
  ];
}
