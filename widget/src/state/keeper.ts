import type { Avatar } from '@aside/server/protocol';
import { type Jar, openJar } from './jar.ts';
import { type Me, ME_KEY, readMe } from './me.ts';
import type { Shelf } from './shelf.ts';

/** Keeps the reader in this browser. */
export type Keeper = {
  read(): Me;
  /** Where it is kept; in memory it ends with the page, and the reader is told so. */
  keepName(nick: string, avatar: Avatar): Place;
  /** The id, made now if there is none. */
  takeId(): Promise<string>;
  place(): Place;
  /** Nothing of the reader stays in this browser, neither name nor id nor words. */
  forget(): void;
};
export type Place = 'storage' | 'cookie' | 'memory';

export function openKeeper(shelf: Shelf, jar: Jar = openJar()): Keeper {
  const read = () => readMe(shelf, jar);
  const write = (me: Me): Place => {
    const json = JSON.stringify(me);
    if (shelf.write(ME_KEY, json)) return 'storage';
    if (!jar.write(json)) return 'memory';
    // The page's own copy would hide what another tab puts into the cookie.
    shelf.write(ME_KEY, null);
    return 'cookie';
  };
  return {
    read,
    place: () => (shelf.keeps(ME_KEY) ? 'storage' : jar.read() ? 'cookie' : 'memory'),
    forget() {
      for (const key of shelf.keys('aside:')) shelf.write(key, null);
      jar.write('');
    },
    keepName: (nick, avatar) => write({ ...read(), nick, avatar }),
    async takeId() {
      // On plain http browsers make none themselves.
      const fresh = crypto.randomUUID?.() ?? (await import('uuid')).v4();
      return exclusively(() => {
        // Read again inside the lock: another tab may have made this reader's id a moment ago.
        const me = read();
        if (me.id === null) write({ ...me, id: fresh });
        return me.id ?? fresh;
      });
    },
  };
}

async function exclusively<T>(act: () => T): Promise<T> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  let done: { value: T } | undefined;
  const once = () => (done ??= { value: act() }).value;
  // Missing on plain http; refused in opaque origins, where there is nothing to share either.
  return locks ? locks.request(ME_KEY, once).catch(once) : once();
}
