import { avatars, type LiveRow } from './frames.ts';
import { EMOJI_MAX_KINDS } from './limits.ts';
import { type Body, isAuthor, isCid, isCount, isEmoji, isObject, readObject } from './parse.ts';
import { roles } from './rights.ts';
import { checkNick, checkText } from './text.ts';

/** A message as a file of an exported room has it; its number is the file's. */
export type Line = Omit<LiveRow, 'rev' | 'deleted'>;
export type LineRead = { is: 'message'; line: Line } | { is: 'head' | 'deleted' } | { is: 'bad'; why: string };

/** Every one of them becomes a row. */
const REACTIONS_MAX = 10_000;
/** Whose messages were erased: nobody's stand. */
const NOBODY = 'a'.repeat(16);

/** One line of a file → a message that might have been said here, or what is wrong with it. Members that we do not know are left out. */
export function readLine(text: string): LineRead {
  const body = readObject(text);
  if (!body) return bad('it is no JSON object');
  if (body.aside !== undefined) return body.aside === 1 ? { is: 'head' } : bad('"aside" is a version that is not known here');
  const { n, cid, author, nick, avatar, text: said, at } = body;
  if (!isCount(n) || n === 0) return bad('"n" is no number of a message');
  if (body.deleted === true) return { is: 'deleted' };
  if (!isCid(cid)) return bad('"cid" has 16 to 36 letters, digits, "-" and "_"');
  if (!isAuthor(author) || author === NOBODY) return bad('"author" is no public id');
  if (!isCount(at)) return bad('"at" is no time in ms');
  const extra = readExtra(body.extra);
  if (extra === null) return bad('"extra" has "role" and "answered" only');
  const name = typeof nick === 'string' ? checkNick(nick) : null;
  // Theirs may look like a moderator's.
  const own = name?.ok ? name.value : name?.code === 'nick_lookalike' && extra.role !== undefined ? (nick as string) : null;
  if (own === null) return bad('"nick" is no name that may be had here');
  const animal = avatars.find((one) => one === avatar);
  if (!animal) return bad('"avatar" is none of ours');
  const checked = typeof said === 'string' ? checkText(said) : null;
  if (!checked?.ok) return bad(`"text" cannot be said here (${checked?.code ?? 'bad_text'})`);
  const marks = readMarks(body);
  if (typeof marks === 'string') return bad(marks);
  return { is: 'message', line: { n, cid, author, nick: own, avatar: animal, text: checked.value, at, ...marks, ...(Object.keys(extra).length > 0 && { extra }) } };
}

function readMarks({ pic, re, edited, pin, reactions }: Body): Pick<Line, 'pic' | 're' | 'edited' | 'pin' | 'reactions'> | string {
  const marks: ReturnType<typeof readMarks> = {};
  for (const [name, value] of Object.entries({ pic, re, edited })) {
    if (value === undefined) continue;
    if (!isCount(value) || (name === 're' && value === 0)) return `"${name}" is no number of its kind`;
    marks[name as 'pic' | 're' | 'edited'] = value;
  }
  if (pin !== undefined && pin !== true) return '"pin" is true, or is not there';
  if (pin) marks.pin = true;
  if (reactions === undefined) return marks;
  const counts = isObject(reactions) ? Object.entries(reactions) : [];
  const isGood = counts.length > 0 && counts.length <= EMOJI_MAX_KINDS && counts.every(([emoji, count]) => isEmoji(emoji) && isCount(count) && count > 0);
  if (!isGood || counts.reduce((sum, [, count]) => sum + (count as number), 0) > REACTIONS_MAX) return `"reactions" are up to ${EMOJI_MAX_KINDS} emoji and how often each, ${REACTIONS_MAX} in all`;
  return { ...marks, reactions: Object.fromEntries(counts) as Record<string, number> };
}

function readExtra(value: unknown): { role?: string; answered?: true } | null {
  if (value === undefined) return {};
  if (!isObject(value)) return null;
  const { role, answered, ...more } = value;
  if (Object.keys(more).length > 0 || (answered !== undefined && answered !== true) || (role !== undefined && !roles.slice(1).some((one) => one === role))) return null;
  return { ...(role !== undefined && { role: role as string }), ...(answered && { answered }) };
}

function bad(why: string): LineRead {
  return { is: 'bad', why };
}
