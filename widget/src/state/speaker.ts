import { type Avatar, type ClientFrame, countGraphemes, NICK_MAX_GRAPHEMES, NICK_MIN_GRAPHEMES, type RefusalCode, refusals, type You } from '@aside/server/protocol';
import type { Keeper } from './keeper.ts';
import { type Keyring, openKeyring } from './keyring.ts';
import type { Me } from './me.ts';
import { authorKey, type Reader } from './reader.ts';
import type { Shelf } from './shelf.ts';

/** The reader as the server knows them. */
export type Speaker = {
  /** For the first frame of a socket, which says nothing of who the reader is not. */
  introduce(): Partial<Me> & { key?: string };
  keyring: Keyring;
  /** Where the browser keeps this reader. */
  place: Keeper['place'];
  forget: Keeper['forget'];
  maySpeak(): boolean;
  know(you: You, dropped: readonly string[], send: Send): void;
  refused(code: RefusalCode): void;
  /** Why the name cannot be one, or null. What only the server knows of names, it answers. */
  rename(nick: string, avatar: Avatar, send: Send): RefusalCode | null;
};
/** False when nobody is listening: the frame is not kept. */
type Send = (frame: ClientFrame) => boolean;

export function openSpeaker({ me, author, fault, fleeting, role }: Reader, keeper: Keeper, shelf: Shelf, site: string): Speaker {
  const keyring = openKeyring(shelf, site);
  /** The server knows who speaks, by which name. */
  let heard = false;
  /** What the server was told. A name may be taken after hello, and before anybody listens. */
  let told: Me | undefined;

  function tell(send: Send): void {
    const { id, nick, avatar } = me.value;
    if (id && nick && avatar && told !== me.value && send({ t: 'nick', nick, avatar, id })) told = me.value;
  }

  return {
    keyring,
    place: keeper.place,
    forget: keeper.forget,
    introduce() {
      heard = false;
      told = me.value;
      const key = keyring.read();
      return key === null ? told : { ...told, key };
    },
    maySpeak: () => heard,
    know(you, dropped, send) {
      heard = you.author !== null && you.nick !== null;
      fault.value = dropped.includes('nick') ? 'nick_invalid' : null;
      role.value = you.role;
      tell(send);
      if (you.author === null) return;
      author.value = you.author;
      shelf.write(authorKey(site), you.author);
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
        tell(send);
      });
      return null;
    },
  };
}
