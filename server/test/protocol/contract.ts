import { avatars, type ClientFrame, EMOJI_MAX_BYTES, NICK_MAX_BYTES, NICK_MAX_CODE_POINTS, NICK_MAX_GRAPHEMES, POST_ID_MAX_CHARS, SITE_MAX_CHARS, TEXT_MAX_BYTES, TEXT_MAX_GRAPHEMES } from '../../src/protocol/index.ts';

/** The typed contract, said a second time and in another way than the parser says it. Names the first member that breaks it. */
export function breach(frame: ClientFrame): string | null {
  const allowed = new Set(members[frame.t]);
  const extra = Object.keys(frame).find((name) => !allowed.has(name));
  if (extra) return extra;
  if (Object.getPrototypeOf(frame) !== Object.prototype) return 'prototype';
  for (const [name, value] of Object.entries(frame)) if (!rules[name]?.(value, frame)) return name;
  return null;
}

const members: Record<ClientFrame['t'], readonly string[]> = {
  hello: ['t', 'v', 'room', 'site', 'id', 'nick', 'avatar', 'at', 'key', 'dropped'],
  nick: ['t', 'nick', 'avatar', 'id'],
  say: ['t', 'cid', 'text', 're', 'pic', 'stamp'],
  edit: ['t', 'cid', 'n', 'text'],
  delete: ['t', 'cid', 'n'],
  react: ['t', 'cid', 'n', 'emoji', 'on'],
  report: ['t', 'cid', 'n', 'reason'],
  mod: ['t', 'cid', 'do', 'n', 'on', 'who', 'seconds', 'reason', 'sweep', 'network', 'what', 'rules', 'of'],
  pair: ['t', 'key', 'blog'],
  since: ['t', 'rev'],
  ticket: ['t', 'cid'],
  typing: ['t'],
  who: ['t'],
  pong: ['t'],
};

/** What each of a moderator's acts may carry. */
const acts: Record<string, readonly string[]> = { ban: ['who', 'seconds', 'reason', 'sweep', 'network'], mute: ['who', 'seconds'], unban: ['who'], pin: ['n', 'on'], answer: ['n', 'on'], approve: ['who', 'what'], refuse: ['who', 'what'], dismiss: ['n'], rules: ['rules'], lower: ['seconds'], undo: ['of'] };

const rules: Record<string, (value: unknown, frame: ClientFrame) => boolean> = {
  t: (value) => typeof value === 'string' && value in members,
  v: (value) => value === 1,
  room: (value) => isLine(value, POST_ID_MAX_CHARS) && value !== '',
  site: (value) => isLine(value, SITE_MAX_CHARS),
  id: (value) => typeof value === 'string' && value.length === 36 && /^[0-9a-f-]+$/.test(value) && value[14] === '4' && '89ab'.includes(value[19] ?? '-') && value.split('-').map((part) => part.length).join() === '8,4,4,4,12',
  nick: (value) => isText(value, NICK_MAX_BYTES, NICK_MAX_GRAPHEMES) && Array.from(value).length <= NICK_MAX_CODE_POINTS && value === value.trim() && value === value.normalize('NFC') && !/[\p{C}\p{Zl}\p{Zp}]/u.test(value.replace(/\u200d/g, '')),
  avatar: (value) => avatars.some((one) => one === value),
  at: (value) => {
    const { epoch, rev, low, ...rest } = value as { epoch?: unknown; rev?: unknown; low?: unknown };
    return typeof epoch === 'string' && (epoch === '0' || (epoch.length === 16 && [...epoch].every((digit) => '0123456789abcdef'.includes(digit)))) && isCount(rev) && (low === undefined || isCount(low)) && Object.keys(rest).length === 0;
  },
  dropped: (value, frame) => Array.isArray(value) && new Set(value).size === value.length && value.every((part) => ['id', 'nick', 'avatar', 'at', 'key'].includes(String(part)) && !(String(part) in frame)),
  cid: (value) => typeof value === 'string' && value.length >= 16 && value.length <= 36 && [...value].every((letter) => letter === '_' || letter === '-' || /[0-9A-Za-z]/.test(letter)),
  text: (value) => isText(value, TEXT_MAX_BYTES, TEXT_MAX_GRAPHEMES) && value === value.trim() && value !== '' && ![...value].some((sign) => sign !== '\n' && sign !== '\t' && /\p{Cc}/u.test(sign)),
  n: (value) => isCount(value) && value !== 0,
  re: (value) => isCount(value) && value !== 0,
  pic: isCount,
  rev: isCount,
  emoji: (value) => isText(value, EMOJI_MAX_BYTES, 1),
  on: (value) => value === true || value === false,
  key: (value) => typeof value === 'string' && value.length === 43 && Buffer.from(value, 'base64url').length === 32,
  do: (value, frame) => typeof value === 'string' && value in acts && Object.keys(frame).every((name) => ['t', 'cid', 'do'].includes(name) || acts[value]?.includes(name)),
  blog: (value) => typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && value.length <= 267,
  who: (value) => typeof value === 'string' && value.length === 16 && [...value].every((letter) => 'abcdefghijklmnopqrstuvwxyz234567'.includes(letter)),
  seconds: (value, frame) => isCount(value) && value !== 0 && Number(value) <= ('do' in frame && (frame.do === 'mute' || frame.do === 'lower') ? 86_400 : 31_536_000),
  reason: (value, frame) => (frame.t === 'report' ? ['spam', 'abuse', 'private', 'other'].includes(String(value)) : isText(value, TEXT_MAX_BYTES, 200) && value !== ''),
  stamp: (value) => typeof value === 'string' && value.length <= 128,
  network: (value) => value === true,
  what: (value) => typeof value === 'string' && /^[0-9A-Za-z_-]{16,36}$/.test(value),
  rules: (value) => Object.entries(value as object).every(([name, said]) => (['slow', 'quietDays', 'closesAt', 'calmUntil'].includes(name) ? isCount(said) && said !== 0 : ['emojiOnly', 'noLinks', 'hold', 'readOnly', 'closed', 'adults'].includes(name) && said === true)),
  sweep: (value) => value === true,
  of: isCount,
};

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isText(value: unknown, bytes: number, letters: number): value is string {
  return typeof value === 'string' && value.isWellFormed() && Buffer.byteLength(value) <= bytes && [...new Intl.Segmenter().segment(value)].length <= letters;
}

function isLine(value: unknown, chars: number): value is string {
  return typeof value === 'string' && value.isWellFormed() && Array.from(value).length <= chars && !/[\0-\x1f\x7f-\x9f\u2028\u2029]/.test(value);
}
