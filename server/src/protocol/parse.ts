import type { RefusalCode } from './codes.ts';
import { type At, type Avatar, avatars, type ClientFrame, type Hello, type HelloPart, type Mod, type ReaderChange, reportReasons, type ServerFrame } from './frames.ts';
import { BAN_MAX_S, EMOJI_MAX_BYTES, FRAME_MAX_DEPTH, MUTE_MAX_S, ORIGIN_MAX_CHARS, PROTOCOL_VERSION, REASON_MAX_CHARS, STAMP_MAX_CHARS } from './limits.ts';
import { readRules } from './rules.ts';
import { checkNick, checkText, countBytes, countGraphemes, isPostId, isSite } from './text.ts';

export type Parsed = { ok: true; frame: ClientFrame } | { ok: false; code: RefusalCode; cid?: string };

/** Text from a stranger → a typed frame, or the code that says why not. Never throws. */
export function parseClientFrame(text: string): Parsed {
  const body = readObject(text);
  if (!body) return bad('bad_frame');
  switch (body.t) {
    case 'hello': return parseHello(body);
    case 'nick': return parseNick(body);
    case 'say': case 'edit': case 'delete': case 'react': case 'report': return parseChange(body, body.t);
    case 'mod': return parseMod(body);
    case 'typing': case 'who': case 'pong': return good({ t: body.t });
    case 'pair': return parsePair(body);
    case 'ticket': return isCid(body.cid) ? good({ t: 'ticket', cid: body.cid }) : bad('bad_cid');
    case 'since': return isCount(body.rev) ? good({ t: 'since', rev: body.rev }) : bad('bad_frame');
    default: return bad('bad_frame');
  }
}

/** The change that a frame asks for, as far as it can be read: it must be answered by this. */
export function cidOf(parsed: Parsed): string | undefined {
  if (!parsed.ok) return parsed.cid;
  return 'cid' in parsed.frame ? parsed.frame.cid : undefined;
}

/** A frame of our own server → typed, or null when this version does not know it (it is then ignored). */
export function parseServerFrame(text: string): ServerFrame | null {
  const body = readJson(text);
  return body && typeof body.t === 'string' && serverFrames.has(body.t) ? (body as unknown as ServerFrame) : null;
}

const serverFrames = new Set(['welcome', 'reset', 'rows', 'ok', 'no', 'wait', 'you', 'pair', 'desk', 'here', 'names', 'typing', 'beat', 'bye']);

export type Body = { [key: string]: unknown };

function parseHello(body: Body): Parsed {
  if (body.v !== PROTOCOL_VERSION) return bad('bad_version');
  if (!isPostId(body.room)) return bad('bad_room');
  const site = body.site ?? '';
  if (!isSite(site)) return bad('bad_site');
  const dropped: HelloPart[] = [];
  /** A bad part is dropped and named: newer rules must never lock a returning reader out (P1). */
  const keep = <T>(part: HelloPart, read: (value: unknown) => T | null): T | undefined => {
    if (body[part] === undefined || body[part] === null) return undefined;
    const value = read(body[part]);
    if (value === null) dropped.push(part);
    return value ?? undefined;
  };
  const id = keep('id', readId);
  const nick = keep('nick', readNick);
  const avatar = keep('avatar', readAvatar);
  const at = keep('at', readAt);
  const key = keep('key', readKey);
  const hello: Hello = { t: 'hello', v: 1, room: body.room, site, dropped };
  if (id !== undefined) hello.id = id;
  if (nick !== undefined) hello.nick = nick;
  if (avatar !== undefined) hello.avatar = avatar;
  if (at !== undefined) hello.at = at;
  if (key !== undefined) hello.key = key;
  return good(hello);
}

function parseNick(body: Body): Parsed {
  if (typeof body.nick !== 'string') return bad('nick_invalid');
  const nick = checkNick(body.nick);
  if (!nick.ok) return bad(nick.code);
  const avatar = readAvatar(body.avatar);
  if (avatar === null) return bad('avatar_invalid');
  if (body.id === undefined) return good({ t: 'nick', nick: nick.value, avatar });
  const id = readId(body.id);
  return id === null ? bad('identity') : good({ t: 'nick', nick: nick.value, avatar, id });
}

function parsePair({ key, blog }: Body): Parsed {
  const made = readKey(key);
  return made && typeof blog === 'string' && blog.length <= ORIGIN_MAX_CHARS && /^https?:\/\/[a-z0-9.:[\]-]+$/.test(blog) ? good({ t: 'pair', key: made, blog }) : bad('bad_frame');
}

function parseChange(body: Body, t: ReaderChange['t']): Parsed {
  const { cid, n } = body;
  if (!isCid(cid)) return bad('bad_cid');
  if (t === 'say') return parseSay(body, cid);
  if (!isCount(n) || n === 0) return bad('bad_frame', cid);
  if (t === 'delete') return good({ t, cid, n });
  if (t === 'react') {
    if (typeof body.on !== 'boolean') return bad('bad_frame', cid);
    return isEmoji(body.emoji) ? good({ t, cid, n, emoji: body.emoji, on: body.on }) : bad('bad_emoji', cid);
  }
  if (t === 'report') {
    const reason = reportReasons.find((one) => one === body.reason);
    return reason ? good({ t, cid, n, reason }) : bad('bad_frame', cid);
  }
  const text = readText(body.text);
  return text.ok ? good({ t, cid, n, text: text.value }) : bad(text.code, cid);
}

function parseMod(body: Body): Parsed {
  const { cid, do: act, n, on, who, what, seconds, of } = body;
  if (!isCid(cid)) return bad('bad_cid');
  switch (act) {
    case 'pin': case 'answer': return isCount(n) && n > 0 && typeof on === 'boolean' ? good({ t: 'mod', cid, do: act, n, on }) : bad('bad_frame', cid);
    case 'undo': return isCount(of) ? good({ t: 'mod', cid, do: act, of }) : bad('bad_frame', cid);
    case 'unban': return isAuthor(who) ? good({ t: 'mod', cid, do: act, who }) : bad('bad_frame', cid);
    case 'mute': return isAuthor(who) && isSpan(seconds, MUTE_MAX_S) ? good({ t: 'mod', cid, do: act, who, seconds }) : bad('bad_frame', cid);
    case 'ban': return parseBan(body, cid);
    case 'approve': case 'refuse': return isAuthor(who) && isCid(what) ? good({ t: 'mod', cid, do: act, who, what }) : bad('bad_frame', cid);
    case 'dismiss': return isCount(n) && n > 0 ? good({ t: 'mod', cid, do: act, n }) : bad('bad_frame', cid);
    case 'lower': return isSpan(seconds, MUTE_MAX_S) ? good({ t: 'mod', cid, do: act, seconds }) : bad('bad_frame', cid);
    case 'rules': {
      const rules = readRules(body.rules);
      return rules ? good({ t: 'mod', cid, do: act, rules }) : bad('bad_frame', cid);
    }
    default: return bad('bad_frame', cid);
  }
}

function parseBan({ who, seconds, reason, sweep, network }: Body, cid: string): Parsed {
  if (!isAuthor(who) || (seconds !== undefined && !isSpan(seconds, BAN_MAX_S)) || [sweep, network].some((one) => one !== undefined && typeof one !== 'boolean')) return bad('bad_frame', cid);
  const ban: Mod = { t: 'mod', cid, do: 'ban', who };
  if (seconds !== undefined) ban.seconds = seconds;
  if (sweep) ban.sweep = true;
  if (network) ban.network = true;
  if (reason === undefined) return good(ban);
  const text = readText(reason);
  if (!text.ok) return bad(text.code, cid);
  if (text.value.length > REASON_MAX_CHARS) return bad('too_long', cid);
  return good({ ...ban, reason: text.value });
}

function parseSay(body: Body, cid: string): Parsed {
  const text = readText(body.text);
  if (!text.ok) return bad(text.code, cid);
  const say: ClientFrame = { t: 'say', cid, text: text.value };
  if (body.re !== undefined) {
    if (!isCount(body.re) || body.re === 0) return bad('bad_frame', cid);
    say.re = body.re;
  }
  // `pic` is a claim that decides nothing but playback: a bad one is no reason to lose the words.
  if (isCount(body.pic)) say.pic = body.pic;
  if (typeof body.stamp === 'string' && body.stamp.length <= STAMP_MAX_CHARS) say.stamp = body.stamp;
  return good(say);
}

function readText(value: unknown): ReturnType<typeof checkText> {
  return typeof value === 'string' ? checkText(value) : { ok: false, code: 'bad_text' };
}

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function readId(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const id = value.toLowerCase();
  // A v4 of nearly one repeated digit was typed by hand, and would be shared by everybody who had the same idea.
  return uuidV4.test(id) && new Set(id.replace(/-/g, '')).size > 4 ? id : null;
}

/** 32 random bytes. */
function readKey(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null;
}

function readNick(value: unknown): string | null {
  const checked = typeof value === 'string' ? checkNick(value) : null;
  return checked?.ok ? checked.value : null;
}

function readAvatar(value: unknown): Avatar | null {
  return avatars.find((avatar) => avatar === value) ?? null;
}

function readAt(value: unknown): At | null {
  if (!isObject(value)) return null;
  const { epoch, rev, low } = value;
  if (typeof epoch !== 'string' || !/^(0|[0-9a-f]{16})$/.test(epoch) || !isCount(rev)) return null;
  if (low === undefined) return { epoch, rev };
  return isCount(low) ? { epoch, rev, low } : null;
}

export function isCid(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{16,36}$/.test(value);
}

export function isAuthor(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z2-7]{16}$/.test(value);
}

function isSpan(value: unknown, max: number): value is number {
  return isCount(value) && value > 0 && value <= max;
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** One emoji as a reader sees it. Digits, # and * are emoji to Unicode only with a keycap. */
export function isEmoji(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && countBytes(value) <= EMOJI_MAX_BYTES && countGraphemes(value) === 1
    && /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|\u20e3/u.test(value) && !beside.test(value);
}

/** What would make two reactions of one, or dress an emoji up: letters, stray marks, and formats but the joiner and a flag's tags. */
const beside = /[\p{L}\p{Cc}<>&"']|(?![\ufe0f\u20e3])\p{M}|(?![\u200d\u{e0020}-\u{e007f}])\p{Cf}/u;

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readObject(text: string): Body | null {
  return depthExceeds(text, FRAME_MAX_DEPTH) ? null : readJson(text);
}

function readJson(text: string): Body | null {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) && !Object.hasOwn(body, '__proto__') ? body : null;
  } catch {
    return null;
  }
}

/** Looked at before parsing, so that a deep frame costs one pass over its bytes and no stack. */
function depthExceeds(text: string, max: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 92) i += 1;
      else if (c === 34) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 123 || c === 91) {
      depth += 1;
      if (depth > max) return true;
    } else if (c === 125 || c === 93) depth -= 1;
  }
  return false;
}

function good(frame: ClientFrame): Parsed {
  return { ok: true, frame };
}

function bad(code: RefusalCode, cid?: string): Parsed {
  return cid === undefined ? { ok: false, code } : { ok: false, code, cid };
}
