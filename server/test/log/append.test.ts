import t from 'tap';
import { type Item, type Log, openLog, type Outcome } from '../../src/log/messages.ts';
import { migrate } from '../../src/log/migrate.ts';
import { complete } from '../../src/log/reply.ts';
import { openSql } from '../../src/log/sql.ts';
import type { Row } from '../../src/protocol/index.ts';
import { openDatabase } from '../support/database.ts';

const database = await openDatabase();
const sql = openSql(database.url, { max: 2 });
await migrate(sql);
const logs = Array.from({ length: 4 }, () => openLog(database.url));
const [log] = logs as [Log, ...Log[]];
t.teardown(async () => {
  await Promise.all(logs.map((one) => one.close()));
  await sql.end();
  await database.close();
});

const [anna, ben] = ['annaannaannaanna', 'benbenbenbenbenb'];
const place = (post: string) => ({ site: '', post });
const say = (text: string, cid = text, author = anna): Item => ({ do: 'say', author, cid: cid.padEnd(16, '-'), nick: '너구리', avatar: 'raccoon', text });
const react = (n: number, emoji: string, author = anna, on = true): Item => ({ do: 'react', author, n, emoji, on });

async function rowsOf(post: string): Promise<Row[]> {
  return (await log.since(place(post), 0, 0)).rows;
}

function saved(outcome: Outcome | undefined): { n: number; rev: number; dup: boolean } {
  if (outcome?.is !== 'saved' || outcome.n === null) throw new Error(`not saved: ${JSON.stringify(outcome)}`);
  return { ...outcome, n: outcome.n };
}

t.test('four servers that write the same messages at once save each once, counted without holes', async (t) => {
  const texts = Array.from({ length: 300 }, (_, i) => `message ${i}`);
  const outcomes = await Promise.all(logs.map((one) => Promise.all(texts.map((text) => one.append(place('race'), say(text))))));
  for (const [i, text] of texts.entries()) {
    const told = outcomes.map((mine) => saved(mine[i]));
    t.equal(new Set(told.map(({ n }) => n)).size, 1, `${text} has one number`);
    t.equal(told.filter(({ dup }) => !dup).length, 1, 'and one first time');
  }
  const rows = await sql<{ n: number; rev: number; content: string; created_at: Date }[]>`
    select m.seq as n, m.rev, m.content, m.created_at from messages m join rooms r on r.id = m.room_id where r.post_id = 'race' order by m.seq`;
  t.same(rows.map(({ n }) => n), texts.map((_, i) => i + 1));
  t.same(new Set(rows.map(({ content }) => content)).size, 300);
  t.equal(new Set(rows.map(({ rev }) => rev)).size, 300);
  t.ok(rows.every((row, i) => i === 0 || row.created_at >= (rows[i - 1]?.created_at ?? 0)), 'time goes with the numbers');
  t.same(await log.since(place('race'), 0, 0).then(({ rev, n, first }) => ({ rev, n, first })), { rev: 300, n: 300, first: 1 });
});

t.test('commits of one room follow one another without a gap, whoever made them', async (t) => {
  const work = logs.flatMap((one, who) => Array.from({ length: 40 }, (_, i) => one.append(place('chain'), say(`${who} ${i}`))));
  const commits = (await Promise.all(work)).flatMap((outcome) => (outcome.is === 'saved' && outcome.commit ? [outcome.commit] : [])).sort((a, b) => a.from - b.from);
  t.equal(commits[0]?.from, 0);
  for (const [i, commit] of commits.entries()) {
    t.equal(commit.rev, commits[i + 1]?.from ?? 160);
    t.same(commit.rows.map(({ rev }) => rev), Array.from({ length: commit.rev - commit.from }, (_, k) => commit.from + k + 1));
  }
});

t.test('time never goes back, even when the clock does', async (t) => {
  await log.append(place('clock'), say('now'));
  const ahead = Date.now() + 3_600_000;
  await sql`update rooms set last_at = to_timestamp(${ahead / 1_000}) where post_id = 'clock'`;
  await log.append(place('clock'), say('after'));
  const rows = await rowsOf('clock');
  t.match(rows[1], { at: ahead });
});

t.test('one batch with one cid many times saves it once; other words under it are refused', async (t) => {
  const outcomes = await Promise.all([say('one', 'twin'), say('one', 'twin'), say('two', 'twin'), say('one', 'twin', ben), say('three')].map((item) => log.append(place('fold'), item)));
  t.match(outcomes, [{ is: 'saved', n: 1, dup: false }, { is: 'saved', n: 1, dup: true }, { is: 'refused', code: 'cid_conflict' }, { is: 'saved', n: 2, dup: false }, { is: 'saved', n: 3 }]);
  t.match(await log.append(place('fold'), say('one', 'twin')), { is: 'saved', n: 1, dup: true, commit: null });
});

t.test('edits and deletions are states: the same again takes no number, and nothing is done to what was deleted', async (t) => {
  await log.append(place('state'), say('words'));
  await log.append(place('state'), react(1, '👍', ben));
  const edit: Item = { do: 'edit', author: anna, n: 1, text: 'other words' };
  t.match(await log.append(place('state'), { ...edit, author: ben }), { is: 'refused', code: 'forbidden' });
  t.match(await log.append(place('state'), edit), { is: 'saved', n: 1, rev: 3 });
  t.match(await log.append(place('state'), edit), { is: 'saved', rev: 3, commit: null });
  t.match(await log.append(place('state'), say('words')), { is: 'saved', n: 1, dup: true }, 'the first words under the cid are no conflict once they were edited');
  t.match(await log.append(place('state'), { do: 'delete', author: anna, n: 1 }), { is: 'saved', rev: 4 });
  t.match(await log.append(place('state'), { do: 'delete', author: anna, n: 1 }), { is: 'saved', rev: 4, commit: null });
  for (const item of [edit, react(1, '👍'), react(1, '👍', ben, false)]) t.match(await log.append(place('state'), item), { is: 'refused', code: 'not_found' });
  t.match(await log.append(place('state'), say('words')), { is: 'saved', n: 1, dup: true }, 'a tombstone keeps its cid');
  t.same(await rowsOf('state'), [{ n: 1, rev: 4, deleted: true }]);
  const left = await sql`select content || nickname || avatar as words, reactions, extra from messages m join rooms r on r.id = m.room_id where post_id = 'state'`;
  t.same([...left], [{ words: '', reactions: null, extra: null }], 'an own deletion leaves nothing');
  for (const table of ['reactions', 'edits', 'removed']) t.same([...(await sql`select x.* from ${sql(table)} x join rooms r on r.id = x.room_id where r.post_id = 'state'`)], [], table);
});

t.test('all reactions of a batch to one message are one change', async (t) => {
  await log.append(place('react'), say('words'));
  await log.append(place('react'), say('more'));
  const outcomes = await Promise.all([...Array.from({ length: 20 }, (_, i) => react(1, '👍', `reader${'abcdefghijklmnopqrst'[i]}aaaaaaaaa`)), react(1, '🥳'), react(1, '👍', 'readeraaaaaaaaaa'), react(2, '❤️')].map((item) => log.append(place('react'), item)));
  t.same(new Set(outcomes.slice(0, 22).map((outcome) => saved(outcome).rev)), new Set([3]));
  t.equal(saved(outcomes[22]).rev, 4);
  t.match((await rowsOf('react'))[0], { rev: 3, reactions: { '👍': 20, '🥳': 1 } });
  t.match(await log.append(place('react'), react(1, '👍', 'readeraaaaaaaaaa')), { is: 'saved', rev: 3, commit: null }, 'on again changes nothing');
  t.match(await log.append(place('react'), react(1, '👀', ben, false)), { is: 'saved', rev: 3, commit: null }, 'nor does off what was not on');
  t.match(await log.append(place('react'), react(1, '👍', 'readeraaaaaaaaaa', false)), { is: 'saved', rev: 5 });
  t.same(await log.mine(place('react'), [anna], [1, 2]), [{ n: 1, emoji: '🥳' }, { n: 2, emoji: '❤️' }]);
});

t.test('a message takes thirty different emoji; those it has, it goes on taking', async (t) => {
  await log.append(place('cap'), say('words'));
  const emoji = Array.from({ length: 31 }, (_, i) => String.fromCodePoint(0x1f600 + i));
  const outcomes = await Promise.all(emoji.map((one) => log.append(place('cap'), react(1, one))));
  t.same(outcomes.map(({ is }) => is), [...Array(30).fill('saved'), 'refused']);
  t.match(outcomes[30], { code: 'bad_emoji' });
  t.match(await log.append(place('cap'), react(1, emoji[0] ?? '', ben)), { is: 'saved' });
  await log.append(place('cap'), react(1, emoji[1] ?? '', anna, false));
  t.match(await log.append(place('cap'), react(1, emoji[30] ?? '')), { is: 'saved' }, 'one that goes makes room');
});

t.test('nothing happens below `first`, and a reply to what is gone is no reply', async (t) => {
  for (const text of ['1', '2', '3']) await log.append(place('cut'), say(text));
  await sql`update rooms set first = 3, rev = rev + 1 where post_id = 'cut'`;
  for (const item of [react(2, '👍'), { do: 'delete', author: anna, n: 2 }, { do: 'edit', author: anna, n: 1, text: 'x' }] satisfies Item[]) t.match(await log.append(place('cut'), item), { is: 'refused', code: 'not_found' });
  const outcomes = await Promise.all([2, 3, 99].map((re) => log.append(place('cut'), { ...say(`re ${re}`), re } as Item)));
  t.same(outcomes.map(({ is }) => is), ['saved', 'saved', 'saved']);
  t.same((await rowsOf('cut')).map((row) => (row.deleted ? null : (row.re ?? null))), [null, null, 3, null]);
  t.equal((await log.before(place('cut'), 99, 50)).rows.at(-1)?.n, 3);
});

t.test('a commit tells the rows that are read afterwards: of new words, answers and pictures, and of what was changed in the same append', async (t) => {
  const told = new Map<number, Row>();
  const tell = async (items: Item[]): Promise<void> => {
    const outcomes = await Promise.all(items.map((item) => log.append(place('told'), item)));
    const commits = outcomes.flatMap((outcome) => (outcome.is === 'saved' && outcome.commit ? [outcome.commit] : []));
    for (const { from, rev, rows } of commits) {
      t.same(rows.map((row) => row.rev), rows.map((row) => row.rev).sort((a, b) => a - b), 'in order');
      t.ok(rows.every((row) => row.rev > from && row.rev <= rev));
      for (const row of rows) told.set(row.n, row);
    }
    t.strictSame([...told.values()].sort((a, b) => a.rev - b.rev), await rowsOf('told'));
  };
  await tell([say('first'), { ...say('"둘"\n\u2028'), pic: 1_763_849_999_999 } as Item, say('셋', '셋', ben)]);
  await sql`update rooms set first = 2, rev = rev + 1 where post_id = 'told'`;
  told.delete(1);
  // The number of what comes next can be guessed.
  await tell([
    { ...say('to the second'), re: 2 } as Item, { ...say('to what is gone'), re: 1 } as Item, { ...say('to itself'), re: 6 } as Item, say('seventh'),
    { do: 'edit', author: anna, n: 4, text: 'otherwise' }, react(5, '👍', ben), { do: 'delete', author: anna, n: 7 }, react(3, '🥳'),
  ]);
  await tell([say('again'), say('eighth'), say('again'), { ...say('ninth'), was: ben } as Item]);
  await tell([{ ...say('셋', '셋'), was: ben } as Item, say('tenth')]);
});

t.test('a reply that counts other new words than were sent tells no commit and no outcome of that room', async (t) => {
  const room = { site: '', post: 'odd', epoch: 'e', from: 1, to: 3, n: 3, first: 1, at: 1, rows: [], approved: 0, facts: null };
  const batch = [{ ...place('odd'), items: [{ ...say('one'), i: 0 }] }];
  t.same(complete({ rooms: [{ ...room, said: 2 }], outcomes: [] }, batch), { rooms: [], outcomes: [] });
  t.match(complete({ rooms: [{ ...room, to: 2, n: 2, said: 1 }], outcomes: [] }, batch), { rooms: [{ rows: [{ n: 2, rev: 2, text: 'one' }] }], outcomes: [{ i: 0, n: 2, rev: 2 }] });
});

t.test('what changes a room that does not exist makes none', async (t) => {
  for (const item of [react(1, '👍'), { do: 'delete', author: anna, n: 1 }, { do: 'edit', author: anna, n: 1, text: 'x' }] satisfies Item[]) t.match(await log.append(place('nowhere'), item), { is: 'refused', code: 'not_found' });
  t.same([...(await sql`select * from rooms where post_id = 'nowhere'`)], []);
});
