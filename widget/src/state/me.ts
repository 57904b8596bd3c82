import { type Avatar, avatars } from '@aside/server/protocol';
import { type Jar, openJar } from './jar.ts';
import { readRecord, type Shelf } from './shelf.ts';

/** The reader. `id` is a bearer secret: it goes into the first frames of the socket and nowhere else. */
export type Me = { id: string | null; nick: string | null; avatar: Avatar | null };

export const ME_KEY = 'aside:me';

export function readMe(shelf: Shelf, jar: Jar = openJar()): Me {
  const { id, nick, avatar } = readRecord(shelf.read(ME_KEY) ?? jar.read());
  return {
    id: typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id) ? id : null,
    nick: typeof nick === 'string' && nick !== '' ? nick : null,
    avatar: avatars.find((known) => known === avatar) ?? null,
  };
}
