import { acknowledged, type Damage, framesOf, newestOf, on, shownRows, swapNumbers } from './damage.ts';
import type { ClientRecord, History, StoredRow } from './history.ts';

/** Lies about what was saved: in the database, in answers, and between the two. */
export const logDamages: Damage[] = [
  { name: 'an acknowledged row is gone', kind: 'lost', inflict: (history, random) =>
    on(acknowledged(history), random, ({ room, row }) => drop(room.rows, row)) },
  { name: 'the newest acknowledged row is gone and the head with it', kind: 'lost', inflict: (history, random) =>
    on(acknowledged(history).filter(({ room, row }) => row.n === room.n), random, ({ room, row }) => {
      drop(room.rows, row);
      room.n -= 1;
    }) },
  { name: 'one cid has two rows', kind: 'doubled_row', inflict: (history, random) =>
    on(acknowledged(history), random, ({ room, row }) => {
      room.n += 1;
      room.rev += 1;
      room.rows.push({ ...row, n: room.n, rev: room.rev, at: newestOf(room)?.at ?? row.at });
    }) },
  { name: 'one cid is acknowledged under two numbers', kind: 'doubled_ok', inflict: (history, random) =>
    on(acknowledged(history), random, ({ client, ok }) => {
      const { event } = ok;
      client.events.splice(ok.index + 1, 0, { ...event, when: event.when + 0.5, frame: { ...ok.frame, n: (ok.frame.n ?? 0) + 1, dup: true } });
    }) },
  { name: 'two cids are acknowledged under one number', kind: 'shared_number', inflict: (history, random) =>
    on(acknowledged(history).filter(({ row }) => row.n > 1), random, ({ ok }) => {
      const other = acknowledged(history).find(({ client, ok: { frame } }) => client.room === ok.client.room && frame.n !== ok.frame.n);
      if (other) ok.frame.n = other.ok.frame.n as number;
    }) },
  { name: 'the acknowledged number is not the stored one', kind: 'wrong_number', inflict: (history, random) =>
    on(acknowledged(history), random, ({ ok }) => { ok.frame.n = (ok.frame.n ?? 0) + 1_000; }) },
  { name: 'a message sent after another was acknowledged stands before it', kind: 'out_of_order', inflict: (history, random) =>
    on(followers(history), random, ({ room, a, b }) => swapNumbers(history, room, a, b)) },
  { name: 'a number is left out', kind: 'hole', inflict: (history, random) =>
    on(history.rooms, random, (room) => {
      const newest = newestOf(room);
      if (newest) newest.n = room.n += 1;
    }) },
  { name: 'two rows carry one rev', kind: 'rev_reused', inflict: (history, random) =>
    on(history.rooms.filter(({ rows }) => rows.length > 1), random, ({ rows: [first, second] }) => { if (first && second) second.rev = first.rev; }) },
  { name: 'a row is above its room', kind: 'rev_above_room', inflict: (history, random) => on(history.rooms, random, (room) => { room.rev -= 1; }) },
  { name: 'the head is not the newest row', kind: 'head_differs', inflict: (history, random) => on(history.rooms, random, (room) => { room.n += 1; }) },
  { name: 'a row that nobody sent', kind: 'foreign_row', inflict: (history, random) =>
    on(history.rooms, random, (room) => {
      const newest = newestOf(room);
      room.n += 1;
      room.rev += 1;
      if (newest) room.rows.push({ ...newest, n: room.n, rev: room.rev, cid: random.token(21) });
    }) },
  { name: 'time runs backwards along the numbers', kind: 'at_backwards', inflict: (history, random) =>
    on(history.rooms, random, (room) => { const newest = newestOf(room); if (newest) newest.at -= 100_000; }) },
  { name: 'a refused message is there all the same', kind: 'refused_but_saved', inflict: (history, random) =>
    on(sentOnce(history), random, ({ ok }) => { ok.event.frame = { t: 'no', cid: ok.frame.cid, code: 'overloaded', retryAfter: 1_000 }; }) },
  { name: 'an honest retry is called a conflict', kind: 'conflict', inflict: (history, random) =>
    on(acknowledged(history), random, ({ ok }) => { ok.event.frame = { t: 'no', cid: ok.frame.cid, code: 'cid_conflict' }; }) },
  { name: 'an answer to words never sent', kind: 'stray_answer', inflict: (history, random) =>
    on(framesOf(history, 'ok'), random, ({ frame }) => { frame.cid = random.token(21); }) },
  { name: 'words that are never answered', kind: 'unsettled', inflict: (history, random) =>
    on(acknowledged(history), random, ({ client, ok }) => {
      const { cid } = ok.frame;
      client.events = client.events.filter((event) => !(event.is === 'got' && 'cid' in event.frame && event.frame.cid === cid));
      for (const { got, row } of shownRows(history)) if (got.client === client && row.cid === cid) row.cid = random.token(21);
    }) },
  { name: 'stored words differ from those sent', kind: 'text_changed', inflict: (history, random) =>
    on(live(history), random, ({ row }) => { row.text += '!'; }) },
  { name: 'a message belongs to another author', kind: 'author_changed', inflict: (history, random) =>
    on(live(history), random, ({ row }) => { row.author = 'zzzzzzzzzzzzzzzz'; }) },
  { name: 'a reply quotes another message', kind: 'reply_changed', inflict: (history, random) =>
    on(live(history).filter(({ row }) => row.re !== null), random, ({ row }) => { row.re = (row.re ?? 0) + 1; }) },
  { name: 'an acknowledged deletion did not last', kind: 'change_lost', inflict: (history, random) =>
    on(changed(history, 'delete'), random, ({ row }) => { row.deleted = false; }) },
  { name: 'an acknowledged edit did not last', kind: 'change_lost', inflict: (history, random) =>
    on(changed(history, 'edit').filter(({ row }) => !row.deleted), random, ({ row, client }) => {
      const first = client.events.find((event) => event.is === 'sent' && event.frame.t === 'say' && event.frame.cid === row.cid);
      if (first?.is === 'sent' && first.frame.t === 'say') row.text = first.frame.text;
    }) },
  { name: 'a message is deleted that nobody deleted', kind: 'deleted_unasked', inflict: (history, random) =>
    on(live(history), random, ({ client, row }) => {
      if (!client.events.some((event) => event.is === 'sent' && event.frame.t === 'delete' && event.frame.n === row.n)) row.deleted = true;
      else client.events = client.events.filter((event) => !(event.is === 'sent' && event.frame.t === 'delete'));
    }) },
];

function drop(rows: StoredRow[], row: StoredRow): void {
  rows.splice(rows.indexOf(row), 1);
}

function live(history: History): ReturnType<typeof acknowledged> {
  return acknowledged(history).filter(({ row }) => !row.deleted);
}

function sentOnce(history: History): ReturnType<typeof acknowledged> {
  return acknowledged(history).filter(({ client, ok }) =>
    client.events.filter((event) => event.is === 'sent' && 'cid' in event.frame && event.frame.cid === ok.frame.cid).length === 1);
}

/** Messages of one client whose second was sent after the first was acknowledged, as neighbours by number. */
function followers(history: History): { room: string; a: number; b: number }[] {
  const found = acknowledged(history).map(({ client, ok, row }) => ({ client, row, told: ok.event.when, sent: firstSent(client, row.cid) }));
  return found.flatMap((a) => found
    .filter((b) => b.client.room === a.client.room && a.told < b.sent && b.row.n > a.row.n)
    .map((b) => ({ room: a.client.room, a: a.row.n, b: b.row.n })));
}

function firstSent(client: ClientRecord, cid: string): number {
  return client.events.find((event) => event.is === 'sent' && 'cid' in event.frame && event.frame.cid === cid)?.when ?? 0;
}

/** Acknowledged changes that were their message's last, with the stored row. */
function changed(history: History, t: 'edit' | 'delete'): { client: ClientRecord; row: StoredRow }[] {
  return history.clients.flatMap((client) => {
    const changes = client.events.flatMap((event) => (event.is === 'sent' && (event.frame.t === 'edit' || event.frame.t === 'delete') ? [event.frame] : []));
    const told = new Set(client.events.flatMap((event) => (event.is === 'got' && event.frame.t === 'ok' ? [event.frame.cid] : [])));
    return changes
      .filter((change) => change.t === t && told.has(change.cid) && changes.findLast((other) => other.n === change.n)?.cid === change.cid)
      .flatMap((change) => {
        const row = history.rooms.find(({ room }) => room === client.room)?.rows.find(({ n }) => n === change.n);
        return row ? [{ client, row }] : [];
      });
  });
}
