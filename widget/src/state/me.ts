import { type Avatar, avatars } from '@aside/server/protocol';
import { type Jar, openJar } from './jar.ts';
import { readRecord, type Shelf } from './shelf.ts';

/** The reader. `id` is a bearer secret: it goes into the first frames of the socket and nowhere else. */
export type Me = { id: string | null; nick: string | null; avatar: Avatar | null };

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
  const read = () => readMe(shelf.read(KEY) ?? jar.read());
  const write = (me: Me): Place => {
    const json = JSON.stringify(me);
    if (shelf.write(KEY, json)) return 'storage';
    if (!jar.write(json)) return 'memory';
    // The page's own copy would hide what another tab puts into the cookie.
    shelf.write(KEY, null);
    return 'cookie';
  };
  return {
    read,
    place: () => (shelf.keeps(KEY) ? 'storage' : jar.read() ? 'cookie' : 'memory'),
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

const KEY = 'aside:me';

async function exclusively<T>(act: () => T): Promise<T> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  let done: { value: T } | undefined;
  const once = () => (done ??= { value: act() }).value;
  // Missing on plain http; refused in opaque origins, where there is nothing to share either.
  return locks ? locks.request(KEY, once).catch(once) : once();
}

function readMe(json: string | null): Me {
  const { id, nick, avatar } = readRecord(json);
  return {
    id: typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id) ? id : null,
    nick: typeof nick === 'string' && nick !== '' ? nick : null,
    avatar: avatars.find((known) => known === avatar) ?? null,
  };
}
