import type { Say } from '@aside/server/protocol';
import t from 'tap';
import { openDrafts } from '../../src/state/drafts.ts';
import { type Outbox, step } from '../../src/state/outbox.ts';
import { openShelf } from '../../src/state/shelf.ts';
import { createStorage, denyStorage } from './shelf.ts';

const say = (cid: string): Say => ({ t: 'say', cid, text: `words of ${cid}`, re: 3, pic: 7 });
const box: Outbox = step(step([], { t: 'say', say: say('a'), now: 1 })[0], { t: 'say', say: say('b'), now: 2 })[0];

t.test('words on their way survive a reload, and start over there', async (t) => {
  const storage = createStorage();
  openDrafts(openShelf(() => storage), '', 'post').keepOutbox([], box);
  const read = openDrafts(openShelf(() => storage), '', 'post').readOutbox();
  t.same(read.map((entry) => entry.say), [say('a'), say('b')]);
  t.match(read, [{ state: { at: 'sending', due: 0 } }, { state: { at: 'sending', due: 0 } }]);
  const refused = step(box, { t: 'answer', frame: { t: 'no', cid: 'a', code: 'banned' }, now: 3 })[0];
  openDrafts(openShelf(() => storage), '', 'post').keepOutbox(box, refused);
  t.match(openDrafts(openShelf(() => storage), '', 'post').readOutbox()[0], { state: { at: 'failed', why: 'banned' } });
});

t.test('what is settled is forgotten, and nothing else', async (t) => {
  const storage = createStorage();
  const drafts = openDrafts(openShelf(() => storage), '', 'post');
  drafts.keepOutbox([], box);
  drafts.keepOutbox(box, box.slice(1));
  t.same(drafts.readOutbox().map((entry) => entry.say.cid), ['b']);
});

t.test('two tabs of one room do not overwrite each other', async (t) => {
  const storage = createStorage();
  const [one, two] = [openDrafts(openShelf(() => storage), '', 'post'), openDrafts(openShelf(() => storage), '', 'post')];
  one.keepOutbox([], box.slice(0, 1));
  two.keepOutbox([], box.slice(1));
  one.keepOutbox(box.slice(0, 1), []);
  t.same(two.readOutbox().map((entry) => entry.say.cid), ['b']);
});

t.test('rooms and sites are kept apart, also where their names run together', async (t) => {
  const storage = createStorage();
  openDrafts(openShelf(() => storage), 'a', 'b').keepOutbox([], box);
  for (const [site, room] of [['', 'ab'], ['ab', ''], ['b', 'a'], ['a', 'b","c']] as const) {
    t.same(openDrafts(openShelf(() => storage), site, room).readOutbox(), []);
  }
});

t.test('a half-written word is there after a reload', async (t) => {
  const storage = createStorage();
  openDrafts(openShelf(() => storage), '', 'post').keepDraft('안녕하세');
  t.equal(openDrafts(openShelf(() => storage), '', 'post').readDraft(), '안녕하세');
  openDrafts(openShelf(() => storage), '', 'post').keepDraft('');
  t.same(Object.keys(storage), []);
});

t.test('without storage it works for as long as the page is open', async (t) => {
  const drafts = openDrafts(openShelf(denyStorage), '', 'post');
  drafts.keepOutbox([], box);
  drafts.keepDraft('x');
  t.equal(drafts.readOutbox().length, 2);
  t.equal(drafts.readDraft(), 'x');
});

t.test('what cannot be read is left alone', async (t) => {
  const storage = createStorage();
  for (const [i, left] of ['{', '{}', '{"say":{"cid":1}}', '{"say":{"cid":"a","text":"b"}}'].entries()) storage.setItem(`aside:out:["","post"]:${i}`, left);
  storage.setItem('aside:out:["","post"]:9', '{"say":{"cid":"a","text":"b"},"madeAt":1,"state":{"at":"failed","why":"__proto__"}}');
  t.match(openDrafts(openShelf(() => storage), '', 'post').readOutbox(), [{ say: { text: 'b' }, state: { at: 'failed', why: 'old' } }]);
});
