import type { PageData } from '@aside/server/protocol';
import type { Bookmark } from '../state/bookmark.ts';
import type { Cell, Cells } from '../state/cells.ts';
import type { Reader } from '../state/reader.ts';
import type { Shelf } from '../state/shelf.ts';
import type { Store } from '../state/store.ts';
import type { View } from '../state/view.ts';
import { listMessages, type Message } from './items.ts';
import { type Words, wordsOf } from './words/words.ts';

export type Config = Pick<PageData, 'theme' | 'lang'> & { title: string };

/** What the parts of the screen share. */
export type Scene = {
  view: View;
  reader: Reader;
  shelf: Shelf;
  /** Somebody has come near: there is reason to fetch what more than reading takes. */
  near: Promise<unknown>;
  /** What moves the view, and null until then. */
  store: Store | null;
  live: Promise<Store>;
  bookmark: Bookmark;
  /** What the page gave us, until the host says otherwise. */
  config: Cell<Config>;
  online: Cell<boolean>;
  /** While a picture plays beside the words: which time it shows, and the words that time has come for; null where they come by number. */
  stream: Cell<{ picture(): number | null; messages(): readonly Message[] | null } | null>;
  draft: Cell<string>;
  /** What lies over the conversation. */
  sheet: Cell<Sheet | null>;
  /** The number of the message that what is written answers. */
  replying: Cell<number | null>;
  /** A message of one's own that is being rewritten; the draft waits meanwhile. */
  editing: Cell<{ n: number; text: string } | null>;
  /** Counts up when the place to write is to take the focus; never by itself, a frame must not steal it. */
  focus: Cell<number>;
  /** A moderator points at a message: nothing moves from under the pointer. */
  still: boolean;
  /** Counts up when the list is to go to its end. */
  toEnd: Cell<number>;
  words(): Words;
  title(): string;
  messages(): readonly Message[];
  message(n: number): Message | null;
  /** What the frame was asked for. */
  page: PageData;
  /** The name an author was last seen with. */
  nickOf(author: string): string | null;
  /** What stands in the field: the rewritten message, or the draft. */
  text(): string;
  write(text: string): void;
  reply(n: number): void;
  edit(message: Message): void;
  /** Leaves reply and rewriting; what was rewritten is forgotten, the draft is not. */
  leave(): void;
};

export type Sheet = { t: 'people' } | { t: 'hidden' } | { t: 'profile' } | { t: 'pair' } | { t: 'ban'; n: number } | { t: 'message'; n: number; at: Anchor | null } | { t: 'emoji'; n: number; at: Anchor | null };
/** Where the pointer was, or a message: what opens there stands below `bottom`, or above `top`. */
export type Anchor = { x: number; top: number; bottom: number };

export function setScene(cell: Cells, page: PageData, { view, reader, shelf, bookmark, near, live }: Pick<Scene, 'view' | 'reader' | 'shelf' | 'bookmark' | 'near' | 'live'>): Scene {
  const config = cell<Config>({ theme: page.theme, lang: page.lang, title: page.title ?? '' });
  const messages = remember(listMessages);
  const words = () => wordsOf(config.value.lang);
  const scene: Scene = {
    page, view, reader, shelf, bookmark, near, live, config, words,
    store: null,
    stream: cell<Scene['stream']['value']>(null),
    draft: cell(''),
    online: cell(navigator.onLine),
    sheet: cell<Sheet | null>(null),
    replying: cell<number | null>(null),
    editing: cell<{ n: number; text: string } | null>(null),
    focus: cell(0, true),
    still: false,
    toEnd: cell(0),
    title: () => config.value.title || view.room.value.facts?.title || words().room,
    messages: () => scene.stream.value?.messages() ?? messages(view.room.value.rows, view.outbox.value, reader.author.value, reader.me.value.nick, view.deeds.value, view.room.value.mine, view.far.value, reader.hides.value),
    message: (n) => scene.messages().find((one) => one.n === n) ?? null,
    nickOf: (author) => scene.messages().findLast((one) => one.author === author)?.nick
      ?? view.names.value?.find((one) => one.author === author)?.nick ?? null,
    text: () => scene.editing.value?.text ?? scene.draft.value,
    write(text) {
      const { editing } = scene;
      if (editing.value) {
        editing.value = { ...editing.value, text };
        return;
      }
      scene.draft.value = text;
      scene.store?.drafts.keepDraft(text);
    },
    reply(n) {
      scene.editing.value = null;
      scene.replying.value = n;
      scene.focus.value += 1;
    },
    edit({ n, text }) {
      scene.replying.value = null;
      scene.editing.value = n === null ? null : { n, text };
      scene.focus.value += 1;
    },
    leave() {
      scene.editing.value = scene.replying.value = null;
    },
  };
  return scene;
}

/** The last answer again while the question is the same: a list is not made anew for a letter typed below it. */
function remember<A extends readonly unknown[], R>(make: (...asked: A) => R): (...asked: A) => R {
  let last: { asked: A; made: R } | null = null;
  return (...asked) => {
    if (!last?.asked.every((one, i) => one === asked[i])) last = { asked, made: make(...asked) };
    return last.made;
  };
}
