import { type Avatar, type ClientFrame, countGraphemes, NICK_MAX_GRAPHEMES, NICK_MIN_GRAPHEMES, type RefusalCode, refusals, type You } from '@aside/server/protocol';
import type { Cell, Cells } from './cells.ts';
import type { Keeper, Me } from './me.ts';
import type { Shelf } from './shelf.ts';

/** Who this reader is, here and to the server. */
export type Speaker = {
  me: Readonly<Cell<Me>>;
  /** The public id: which rows are this reader's own. Remembered, so that the first paint knows. */
  author: Readonly<Cell<string | null>>;
  /** Why the server wants another name. */
  fault: Readonly<Cell<RefusalCode | null>>;
  /** The browser keeps nothing: the name ends with the page. */
  fleeting: Readonly<Cell<boolean>>;
  /** For the first frame of a socket, which says nothing of who the reader is not. */
  introduce(): Partial<Me>;
  /** Where the browser keeps this reader. */
  place: Keeper['place'];
  forget: Keeper['forget'];
  maySpeak(): boolean;
  know(you: You, dropped: readonly string[]): void;
  refused(code: RefusalCode): void;
  /** Why the name cannot be one, or null. What only the server knows of names, it answers. */
  rename(nick: string, avatar: Avatar, send: (frame: ClientFrame) => void): RefusalCode | null;
};

export function openSpeaker(cell: Cells, keeper: Keeper, shelf: Shelf, site: string): Speaker {
  const key = `aside:author:${site}`;
  const me = cell(keeper.read());
  const author = cell(shelf.read(key));
  const fault = cell<RefusalCode | null>(null);
  const fleeting = cell(false);
  /** The server knows who speaks, by which name. */
  let heard = false;

  return {
    me, author, fault, fleeting,
    place: keeper.place,
    forget: keeper.forget,
    introduce() {
      heard = false;
      return me.value;
    },
    maySpeak: () => heard,
    know(you, dropped) {
      heard = you.author !== null && you.nick !== null;
      fault.value = dropped.includes('nick') ? 'nick_invalid' : null;
      if (you.author === null) return;
      author.value = you.author;
      shelf.write(key, you.author);
    },
    refused(code) {
      if (refusals[code] === 'fix') fault.value = code;
    },
    rename(raw, avatar, send) {
      const nick = raw.trim();
      const letters = countGraphemes(nick);
      if (letters < NICK_MIN_GRAPHEMES || letters > NICK_MAX_GRAPHEMES) return 'nick_invalid';
      fault.value = null;
      fleeting.value = keeper.keepName(nick, avatar) === 'memory';
      me.value = { ...me.value, nick, avatar };
      void keeper.takeId().then((id) => {
        me.value = { ...me.value, id };
        send({ t: 'nick', nick, avatar, id });
      });
      return null;
    },
  };
}
