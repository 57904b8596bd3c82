import type { HelloPart, RefusalCode } from '../../src/protocol/index.ts';

/** One row of what strangers send, and the one thing it may lead to. */
export type BadFrame = {
  name: string;
  /** Whether the socket has said hello before it. */
  stage: 'fresh' | 'live';
  /** Good frames that stand before it: what it needs to be wrong about. */
  first?: readonly object[];
  send: Sent;
  then: Refused;
};
/** Text as it is, bytes as a binary frame, bytes that claim to be text, or one text in many pieces. */
export type Sent = string | { binary: Buffer } | { claimed: Buffer } | { pieces: number };
export type Refused =
  | { code: RefusalCode; cid?: string }
  /** The hello goes through without this part. */
  | { dropped: HelloPart }
  | { closed: number };

/** Planted in every row, so that a word that leaks is found wherever it went. */
export const MARK = 'planted-marker';
export const CID = 'bad-input-0123456789';

export function json(body: object): string {
  return JSON.stringify(body);
}

export function say(rest: object): string {
  return json({ t: 'say', cid: CID, text: MARK, ...rest });
}

/** A hello of somebody whose every part but the given ones is good. */
export function hello(rest: object): string {
  return json({ t: 'hello', v: 1, room: MARK, id: '3f2b8c1e-9d47-4a60-b5c2-7e18f0a9d364', nick: MARK, avatar: 'owl', ...rest });
}

/** Ids that are no v4 made by a browser. */
export const wrongIds: Record<string, unknown> = {
  'a number': 42,
  'an object': {},
  'no dashes': '3f2b8c1e9d474a60b5c27e18f0a9d364',
  'a digit short': '3f2b8c1e-9d47-4a60-b5c2-7e18f0a9d36',
  'version 1': '3f2b8c1e-9d47-1a60-b5c2-7e18f0a9d364',
  'another variant': '3f2b8c1e-9d47-4a60-c5c2-7e18f0a9d364',
  'all zero': '00000000-0000-4000-8000-000000000000',
  'typed by hand': '11111111-1111-4111-8111-111111111111',
  'in braces': '{3f2b8c1e-9d47-4a60-b5c2-7e18f0a9d364}',
  'a line break after it': '3f2b8c1e-9d47-4a60-b5c2-7e18f0a9d364\n',
};

export const wrongNicks: Record<string, unknown> = {
  'of one letter': '가',
  'of 16 letters': '가나다라마바사아자차카타파하거너',
  'of one family emoji': '👨‍👩‍👧',
  'that turns the writing': `${MARK.slice(0, 5)}\u202e`,
  'with a zero-width letter': `ab\u200bcd`,
  'of zalgo': `z\u0301\u0302\u0303\u0304algo`,
  'with a control character': 'ab\u0007cd',
  'with NUL': 'ab\u0000cd',
  'with half a letter': 'ab\ud83d',
  'of fillers': '\u3164\u3164\u3164',
  'of blanks': '     ',
  'over 90 bytes': '👨‍👩‍👧‍👦'.repeat(4),
  'that is no text': 42,
};
