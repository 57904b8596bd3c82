import postgres from 'postgres';
import type { StoredRoom, StoredRow } from './history.ts';

/** What the database holds, by one SELECT that shares no line with the product's own queries. */
export async function selectRooms(url: string): Promise<StoredRoom[]> {
  const sql = postgres(url, { max: 1, fetch_types: false, types: { int8: { to: 20, from: [20], parse: Number, serialize: String } } });
  try {
    const rows = await sql<(StoredRow & { room: string; roomRev: number; roomN: number; first: number })[]>`
      select r.post_id as room, r.rev as "roomRev", r.seq as "roomN", r.first, m.seq as n, m.rev, m.cid, m.anonymous_id as author, m.nickname as nick,
        m.content as text, m.reply_to as re, (extract(epoch from m.created_at) * 1000)::float8 as at,
        m.edited_at is not null as edited, m.deleted_at is not null as deleted
      from rooms r left join messages m on m.room_id = r.id
      order by r.id, m.seq`;
    const rooms = new Map<string, StoredRoom>();
    for (const { room: name, roomRev: rev, roomN, first, ...row } of rows) {
      const room = rooms.get(name) ?? { room: name, rev, n: roomN, first, rows: [] };
      rooms.set(name, room);
      if (row.n !== null) room.rows.push(row);
    }
    return [...rooms.values()];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Each room's number, to wait until everybody has reached it. */
export async function selectHeads(url: string): Promise<Map<string, number>> {
  const sql = postgres(url, { max: 1, fetch_types: false });
  try {
    const rows = await sql<{ room: string; rev: string }[]>`select post_id as room, rev from rooms`;
    return new Map(rows.map(({ room, rev }) => [room, Number(rev)]));
  } finally {
    await sql.end({ timeout: 1 });
  }
}
