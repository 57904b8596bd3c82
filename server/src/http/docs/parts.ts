import { avatars, QUIET_MAX_DAYS, roles, SLOW_MAX_S } from '../../protocol/index.ts';
import { flag, integer, listOf, mapOf, ms, nullable, object, oneOf, ref, type Schema, text, yes } from './schema.ts';

const author = text(16, { pattern: '^[a-z2-7]{16}$', description: 'the public id of who wrote it, another in each site' });
const live = {
  n: integer(1), rev: integer(1), cid: text(), author, nick: text(), avatar: text(), text: text(), at: ms,
  pic: ms, re: integer(1), edited: ms, pin: yes, reactions: mapOf(integer(1)), extra: { type: 'object' },
};
export const head = { rev: integer(0), n: integer(0), first: integer(1), epoch: text() };

/** What several routes speak of, by name. */
export const parts: { readonly [name: string]: Schema } = {
  Problem: object({ status: integer(400, 599), code: text(), title: text() }),
  Row: { oneOf: [object(live, ['pic', 're', 'edited', 'pin', 'reactions', 'extra']), object({ n: integer(1), rev: integer(1), deleted: yes })] },
  Rules: object({
    slow: integer(1, SLOW_MAX_S, 'seconds between two messages of one person'), emojiOnly: yes, noLinks: yes, hold: yes, readOnly: yes, closed: yes, closesAt: ms, quietDays: integer(1, QUIET_MAX_DAYS), adults: yes, calmUntil: ms,
    shield: object({ level: integer(1, 4), at: ms, since: ms }), openUntil: ms,
  }, ['slow', 'emojiOnly', 'noLinks', 'hold', 'readOnly', 'closed', 'closesAt', 'quietDays', 'adults', 'calmUntil', 'shield', 'openUntil']),
  Stream: object({ id: text(), title: text(), startsAt: ms, from: integer(), to: integer(), skew: integer(), targetMs: integer() }, ['title', 'startsAt', 'to', 'skew', 'targetMs']),
  Room: object({ id: text(), title: nullable(text()), stream: ref('Stream'), rules: ref('Rules') }, ['stream', 'rules']),
  Page: object({ rows: listOf(ref('Row')), more: flag, ...head, older: flag }, ['older']),
  Head: object(head),
  Waiting: object({ who: author, cid: text(), nick: text(), avatar: oneOf(...avatars), text: text(), at: ms }),
  Reported: object({ row: ref('Row'), count: integer(1), reasons: mapOf(integer(1)) }),
  Moderator: object({ role: oneOf(...roles.slice(1)), name: text(), site: nullable(text()), room: nullable(text()), id: integer(1), createdAt: ms, invitedUntil: nullable(ms) }, ['id', 'createdAt', 'invitedUntil']),
};
