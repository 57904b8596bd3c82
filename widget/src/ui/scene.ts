import type { PageData } from '@aside/server/protocol';
import type { Bookmark } from '../state/bookmark.ts';
import type { Cell, Cells } from '../state/cells.ts';
import type { Drafts } from '../state/drafts.ts';
import type { Speaker } from '../state/speaker.ts';
import type { Store } from '../state/store.ts';
import { listMessages, type Message } from './items.ts';
import { type Words, wordsOf } from './words/words.ts';

export type Config = Pick<PageData, 'theme' | 'lang'> & { title: string };

/** What the parts of the screen share. */
export type Scene = {
  store: Store;
  speaker: Speaker;
  bookmark: Bookmark;
  /** What the page gave us, until the host says otherwise. */
  config: Cell<Config>;
  online: Cell<boolean>;
  draft: Readonly<Cell<string>>;
  /** The reader asked for the name card though they have a name. */
  renaming: Cell<boolean>;
  /** Counts up when the place to write is to take the focus; never by itself, a frame must not steal it. */
  focus: Cell<number>;
  /** Counts up when the list is to go to its end. */
  toEnd: Cell<number>;
  words(): Words;
  title(): string;
  messages(): readonly Message[];
  write(text: string): void;
};

export function setScene(cell: Cells, page: PageData, store: Store, speaker: Speaker, drafts: Drafts, bookmark: Bookmark): Scene {
  const config = cell<Config>({ theme: page.theme, lang: page.lang, title: page.title ?? '' });
  const draft = cell(drafts.readDraft());
  const messages = remember(listMessages);
  const words = () => wordsOf(config.value.lang);
  return {
    store, speaker, bookmark, config, draft, words,
    online: cell(navigator.onLine),
    renaming: cell(false),
    focus: cell(0, true),
    toEnd: cell(0),
    title: () => config.value.title || store.room.value.facts?.title || words().room,
    messages: () => messages(store.room.value.rows, store.outbox.value, speaker.author.value),
    write(text) {
      draft.value = text;
      drafts.keepDraft(text);
    },
  };
}

/** The last answer again while the question is the same: a list is not made anew for a letter typed below it. */
function remember<A extends readonly unknown[], R>(make: (...asked: A) => R): (...asked: A) => R {
  let last: { asked: A; made: R } | null = null;
  return (...asked) => {
    if (!last?.asked.every((one, i) => one === asked[i])) last = { asked, made: make(...asked) };
    return last.made;
  };
}
