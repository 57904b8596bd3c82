import type { LiveRow, Row } from '../../src/protocol/index.ts';
import { type Damage, framesOf, type Got, on, shownRows } from './damage.ts';
import type { History } from './history.ts';

/** Lies on the wire and on the screen: in what readers were shown. */
export const wireDamages: Damage[] = [
  { name: 'one reader sees other words', kind: 'disagree', inflict: (history, random) =>
    on(seenByMany(history), random, ({ row }) => { row.text += '!'; }) },
  { name: 'one reader sees another time', kind: 'disagree', inflict: (history, random) =>
    on(seenByMany(history), random, ({ row }) => { row.at += 5; }) },
  { name: 'one reader sees another message under a number', kind: 'disagree', inflict: (history, random) =>
    on(seenByMany(history), random, ({ row }) => { row.cid = random.token(21); }) },
  { name: 'one message is shown under two numbers', kind: 'renumbered', inflict: (history, random) =>
    on(seenByMany(history), random, ({ row }) => { row.n += 500; }) },
  { name: 'a row that the database does not have', kind: 'phantom', inflict: (history, random) =>
    on(changes(history), random, ({ frame }) => { frame.rows.push({ ...fake(frame.to, random.token(21)), n: 9_999 }); }) },
  { name: 'a change that the database does not have', kind: 'unsaved_change', inflict: (history, random) =>
    on(shownRows(history), random, ({ row }) => { row.rev += 10_000; }) },
  { name: 'everybody sees other words than are stored', kind: 'shown_differs', inflict: (history, random) =>
    on(history.rooms.filter(({ rows }) => rows.some(({ deleted }) => !deleted)), random, ({ room, rows }) => {
      const row = random.pick(rows.filter(({ deleted }) => !deleted));
      for (const shown of shownRows(history)) if (shown.got.client.room === room && shown.row.n === row.n) shown.row.text = 'other words';
    }) },
  { name: 'rows of a change frame are out of order', kind: 'row_disorder', inflict: (history, random) =>
    on(changes(history).filter(({ frame }) => frame.rows.length > 1), random, ({ frame }) => { frame.rows.reverse(); }) },
  { name: 'rows of a page are out of order', kind: 'row_disorder', inflict: (history, random) =>
    on(pages(history).filter(({ frame }) => frame.rows.length > 1), random, ({ frame }) => { frame.rows.reverse(); }) },
  { name: 'a row stands twice in a frame', kind: 'row_twice', inflict: (history, random) =>
    on(shownRows(history), random, ({ rows, row, at }) => { rows.splice(at, 0, { ...row }); }) },
  { name: 'a frame carries a row from after its moment', kind: 'row_above', inflict: (history, random) =>
    on(changes(history).filter(({ frame }) => frame.rows.at(-1)?.rev === frame.to), random, ({ frame }) => { frame.to -= 1; }) },
  { name: 'a page carries a row from after its moment', kind: 'row_above', inflict: (history, random) =>
    on(pages(history).filter(({ frame }) => frame.rows.length > 0), random, ({ frame }) => { frame.rev = 0; }) },
  { name: 'a frame carries a row from before its span', kind: 'row_outside', inflict: (history, random) =>
    on(changes(history).filter(({ frame }) => frame.rows[0]?.rev === frame.from + 1), random, ({ frame }) => { frame.from += 1; }) },
  { name: 'a change is missing from its frame', kind: 'row_missing', inflict: (history, random) =>
    on(lasting(history).filter(({ got }) => got.frame.t === 'rows'), random, ({ rows, at }) => { rows.splice(at, 1); }) },
  { name: 'a change is missing from a resume', kind: 'row_missing', inflict: (history, random) =>
    on(lasting(history).filter(({ got: { frame } }) => frame.t === 'welcome' && frame.resumed), random, ({ rows, at }) => { rows.splice(at, 1); }) },
  { name: 'a message is missing from a page', kind: 'row_missing', inflict: (history, random) =>
    on(shownRows(history).filter(({ got: { frame }, row, at }) => at > 0 && frame.t === 'welcome' && !frame.resumed && isLive(history, row)), random, ({ rows, at }) => { rows.splice(at, 1); }) },
  { name: 'a gap is left and shown as if it were none', kind: 'gap_accepted', inflict: (history, random) => skipFrame(history, random) },
  { name: 'the server leaves a gap', kind: 'gap_left', inflict: (history, random) => skipFrame(history, random) },
  { name: 'a page is older than what was shown', kind: 'went_backwards', inflict: (history, random) =>
    on(framesOf(history, 'welcome').filter((got) => known(got) > 0), random, (got) => { got.frame.rev = known(got) - 1; }) },
  { name: 'the epoch changes without a cause', kind: 'epoch_changed', inflict: (history, random) =>
    on(framesOf(history, 'welcome').filter(({ frame }) => frame.epoch !== '0'), random, ({ frame }) => { frame.epoch = '0123456789abcdef'; }) },
  { name: 'a deleted message is shown again', kind: 'undeleted', inflict: (history, random) =>
    on(framesOf(history, 'rows').filter(({ frame }) => frame.rows.some(({ deleted }) => deleted)), random, ({ client, event, frame, index }) => {
      const gone = frame.rows.find(({ deleted }) => deleted) as Row;
      const again = { ...frame, from: frame.to, to: frame.to + 1, rows: [{ ...fake(frame.to + 1, random.token(21)), n: gone.n }] };
      client.events.splice(index + 1, 0, { ...event, when: event.when + 0.5, frame: again });
    }) },
  { name: 'a deleted message keeps its words', kind: 'deleted_with_words', inflict: (history, random) =>
    on(changes(history).filter(({ frame }) => frame.rows.some(({ deleted }) => deleted)), random, ({ frame }) => {
      Object.assign(frame.rows.find(({ deleted }) => deleted) ?? {}, { text: 'still here' });
    }) },
  { name: 'a page shows a tombstone', kind: 'deleted_on_page', inflict: (history, random) =>
    on(pages(history).filter(({ frame }) => frame.rows.length > 0), random, ({ frame }) => { frame.rows[0] = { n: frame.rows[0]?.n ?? 1, rev: 1, deleted: true }; }) },
  { name: 'a row below the first is shown', kind: 'row_below_first', inflict: (history, random) =>
    on(changes(history).filter(({ frame }) => frame.rows.length > 0), random, ({ frame }) => { frame.first = (frame.rows[0]?.n ?? 0) + 1; }) },
  { name: 'the first number moves back', kind: 'first_backwards', inflict: (history, random) =>
    on(changes(history), random, ({ client, index }) => {
      for (const [i, event] of client.events.entries()) if (i < index && event.is === 'got' && event.frame.t === 'welcome') event.frame.first = 3;
      const { frame } = client.events[index] as Got['event'];
      if (frame.t === 'rows') frame.first = 1;
    }) },
  { name: 'somebody\'s secret is in a frame', kind: 'secret_shown', inflict: (history, random) =>
    on(shownRows(history), random, ({ row }) => { row.extra = { by: history.clients.find(({ secret }) => secret)?.secret }; }) },
  { name: 'rows come before the welcome', kind: 'before_welcome', inflict: (history, random) =>
    on(framesOf(history, 'welcome').filter(({ client, index }) => client.events.slice(index + 1, index + 2).some(({ is }) => is === 'got')), random, ({ client, index }) => {
      client.events.splice(index, 1);
      const next = client.events[index];
      if (next?.is === 'got' && next.frame.t === 'no') next.frame = { t: 'here', count: 1 };
    }) },
  { name: 'a socket is welcomed twice', kind: 'welcome_twice', inflict: (history, random) =>
    on(framesOf(history, 'welcome'), random, ({ client, event, index }) => { client.events.splice(index, 0, { ...event, when: event.when - 0.5 }); }) },
  { name: 'a resume for somebody who had nothing', kind: 'resumed_unasked', inflict: (history, random) =>
    on(framesOf(history, 'welcome').filter(({ client, index }) => index === client.events.findIndex(({ is }) => is === 'got')), random, ({ frame }) => { frame.resumed = true; }) },
  { name: 'a frame is larger than 64 KiB', kind: 'too_big', inflict: (history, random) =>
    on(changes(history), random, ({ event }) => { event.bytes = 64 * 1024 + 1; }) },
  { name: 'a frame cannot be read', kind: 'unreadable', inflict: (history, random) =>
    on(changes(history), random, ({ client, event, index }) => { client.events[index] = { is: 'unread', when: event.when, socket: event.socket, text: '{' }; }) },
  { name: 'a reader stays behind when all is quiet', kind: 'view_stale', inflict: (history, random) =>
    on(history.clients, random, ({ view }) => { view.rev -= 1; }) },
  { name: 'a reader has a hidden hole', kind: 'view_misses', inflict: (history, random) =>
    on(history.clients.filter(({ view }) => view.rows.some(({ deleted }) => !deleted)), random, ({ view }) => {
      view.rows.splice(view.rows.findIndex(({ deleted }) => !deleted), 1);
    }) },
  { name: 'a reader kept an old state of a row', kind: 'view_differs', inflict: (history, random) =>
    on(history.clients.filter(({ view }) => view.rows.length > 0), random, ({ view }) => { (view.rows[0] as Row).rev -= 1; }) },
  { name: 'a reader shows words of its own', kind: 'view_differs', inflict: (history, random) =>
    on(history.clients.filter(({ view }) => view.rows.some(({ deleted }) => !deleted)), random, ({ view }) => {
      Object.assign(view.rows.find(({ deleted }) => !deleted) ?? {}, { text: 'other words' });
    }) },
];

/** Frames of changes that were shown, each whole in itself. */
function changes(history: History): Got<'rows'>[] {
  return framesOf(history, 'rows').filter(({ client, frame, event, index }) => {
    const before = client.events[index - 1];
    return !frame.more && event.took === 'applied' && !(before?.is === 'got' && before.took === 'kept');
  });
}

/** The highest number this client had shown before the frame. */
function known({ client, index }: Pick<Got, 'client' | 'index'>): number {
  const revs = client.events.slice(0, index).flatMap((event) => (event.is !== 'got' ? [] : event.frame.t === 'rows' ? [event.frame.to] : event.frame.t === 'welcome' ? [event.frame.rev] : []));
  return Math.max(0, ...revs);
}

function pages(history: History): Got<'welcome'>[] {
  return framesOf(history, 'welcome').filter(({ frame }) => !frame.resumed);
}

function seenByMany(history: History): ReturnType<typeof shownRows> {
  const counts = new Map<string, number>();
  const keyOf = ({ got, row }: ReturnType<typeof shownRows>[number]): string => `${got.client.room} ${row.n} ${row.rev}`;
  const all = shownRows(history);
  for (const shown of all) counts.set(keyOf(shown), (counts.get(keyOf(shown)) ?? 0) + 1);
  return all.filter((shown) => (counts.get(keyOf(shown)) ?? 0) > 1);
}

/** Shown rows in the state the database ended with. */
function lasting(history: History): ReturnType<typeof shownRows> {
  return shownRows(history).filter(({ got, row }) =>
    history.rooms.find(({ room }) => room === got.client.room)?.rows.some((stored) => stored.n === row.n && stored.rev === row.rev));
}

function isLive(history: History, row: LiveRow): boolean {
  return history.rooms.some(({ rows }) => rows.some((stored) => stored.cid === row.cid && !stored.deleted));
}

/** The first of two frames of one socket that follow each other is taken away. */
function skipFrame(history: History, random: Parameters<Damage['inflict']>[1]): boolean {
  const all = changes(history);
  const followed = all.filter((a) => all.some((b) => b.client === a.client && b.event.socket === a.event.socket && b.frame.from === a.frame.to));
  return on(followed, random, ({ client, index }) => {
    const from = client.events[index] as Got['event'];
    client.events = client.events.filter((event, i) => i !== index && !(event.is === 'got' && event.took === 'ignored' && event.socket === from.socket));
  });
}

function fake(rev: number, cid: string): LiveRow {
  return { n: 1, rev, cid, author: 'aaaaaaaaaaaaaaaa', nick: 'fox', avatar: 'fox', text: 'never said', at: 1_763_690_000_000 };
}
