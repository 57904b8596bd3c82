import type { TestDatabase } from '../../support/database.ts';
import type { Random } from '../../faults/random.ts';
import { checkNick, isPostId, POST_ID_MAX_CHARS, SITE_MAX_CHARS } from '../../../src/protocol/index.ts';
import { openClient, person } from '../../support/client.ts';
import type { Payload } from './payload.ts';

/** A room full of payloads: its address and title, and the names, words and links of those who speak in it. */
export type Room = { site: string; post: string; stored: string };
export type Line = { n: number; nick: string | null; text: string };

/** Names in the log may be longer than the server would let anybody take: so that each payload is one, whole. */
export async function widenNames({ sql }: Pick<TestDatabase, 'sql'>): Promise<void> {
  // A function is written in terms of the column, so its type cannot be altered; its length can be forgotten.
  await sql`update pg_attribute set atttypmod = -1 where attrelid = 'messages'::regclass and attname = 'nickname'`;
}

/** Words that were said before the reader comes: each payload is a name, words, and quoted by the next one. */
export async function fillRoom({ sql }: Pick<TestDatabase, 'sql'>, payloads: readonly Payload[], random: Random): Promise<Room & { lines: Line[] }> {
  const [first, second, last] = [payloads[0], payloads[1] ?? payloads[0], payloads.at(-1)];
  if (!first || !second || !last) throw new Error('There is nothing to say');
  const room: Room = { site: cut(second.text, SITE_MAX_CHARS), post: cut(`${first.text} ${random.token(8)}`, POST_ID_MAX_CHARS), stored: last.text };
  if (!isPostId(room.post)) throw new Error(`${JSON.stringify(room.post)} is no room`);
  const count = payloads.length;
  const [made] = await sql<{ id: string }[]>`insert into rooms (site, post_id, title, rev, seq, last_at) values (${room.site}, ${room.post}, ${room.stored}, ${count}, ${count}, now()) returning id`;
  const rows = payloads.map(({ text }, i) => ({
    room_id: made?.id ?? '', seq: i + 1, rev: i + 1, cid: random.token(21), anonymous_id: drawAuthor(random), nickname: text, avatar: 'fox', content: text,
    reply_to: i === 0 ? null : i, created_at: new Date(),
  }));
  await sql`insert into messages ${sql(rows)}`;
  return { ...room, lines: payloads.map(({ text }, i) => ({ n: i + 1, nick: text, text })) };
}

/** What is said while the reader looks on: each payload as an address or inside one, under as much of it as may be a name. */
export async function sayLinks(url: string, room: Room, payloads: readonly Payload[]): Promise<{ lines: Line[]; named: number }> {
  const client = await openClient(url, { room: room.post, site: room.site, ...person() });
  const lines: Line[] = [];
  let [named, nick] = [0, ''];
  try {
    for (const [i, payload] of payloads.entries()) {
      const name = checkNick([...payload.text].slice(0, 15).join('').trim());
      if (name.ok) client.send({ t: 'nick', nick: name.value, avatar: 'owl' });
      const text = linkOf(payload);
      const cid = `link-${'0'.repeat(12)}${payload.id}`;
      client.send({ t: 'typing' });
      client.send({ t: 'say', cid, text, re: i + 1 });
      const answer = await Promise.race([client.next('ok', (frame) => frame.cid === cid), client.next('no', (frame) => frame.cid === cid).then(({ code }) => { throw new Error(`"${text}" was refused: ${code}`); })]);
      // Below the first of a group a name need not be drawn again.
      lines.push({ n: answer.n ?? 0, text, nick: name.ok && name.value !== nick ? name.value : null });
      if (name.ok) [nick, named] = [name.value, named + 1];
    }
  } finally {
    await client.close();
  }
  return { lines, named };
}

const frames: readonly ((text: string) => string)[] = [
  (text) => `https://x.example/${text}`,
  (text) => `https://${text}.example/`,
  (text) => `http://x.example/?q=${encodeURIComponent(text)}`,
  (text) => `https://user:${text}@x.example/`,
  (text) => `https://x.example/#${text}`,
  (text) => `HTTP://${text}`,
  (text) => `https://x.example/"${text}에`,
  (text) => `${text} https://x.example`,
];

function linkOf({ id, text }: Payload): string {
  return (frames[id % frames.length] ?? String)(text).trim();
}

function drawAuthor(random: Random): string {
  return Array.from({ length: 16 }, () => random.pick([...'abcdefghijklmnopqrstuvwxyz234567'])).join('');
}

function cut(text: string, max: number): string {
  return [...text.replace(/\p{Cc}/gu, ' ')].slice(-max).join('');
}
