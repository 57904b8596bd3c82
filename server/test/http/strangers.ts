import type { Sql } from 'postgres';
import { WebSocket } from 'ws';
import { countWritten, readTables } from './tables.ts';

/** What so many made-up posts left behind. */
export type Strangers = { gets: number; hellos: number; answered: number; welcomed: number; written: number };

const AT_ONCE = 40;

/** So many pages and so many hellos, each of a post that nobody ever wrote under. */
export async function visit({ http, ws, sql }: { http: string; ws: string; sql: Sql }, count: number): Promise<Strangers> {
  const before = await readTables(sql);
  const answered = await each(count, async (i) => (await (await fetch(`${http}/room/made-up-${i}`)).text()).includes(`"room":"made-up-${i}"`));
  const welcomed = await each(count, (i) => greet(ws, i));
  return { gets: count, hellos: count, answered, welcomed, written: countWritten(before, await readTables(sql)) };
}

async function each(count: number, go: (i: number) => Promise<boolean>): Promise<number> {
  let next = 0;
  let good = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < count) if (await go(next++)) good += 1;
  }));
  return good;
}

/** Every third is somebody with a name: names alone make no room either. */
function greet(ws: string, i: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(ws, { perMessageDeflate: false });
    const who = i % 3 === 0 ? { id: crypto.randomUUID(), nick: '너구리', avatar: 'raccoon' } : {};
    let welcomed = false;
    socket.on('open', () => socket.send(JSON.stringify({ t: 'hello', v: 1, room: `made-up-${i}-too`, ...who })));
    socket.on('message', (data) => {
      welcomed ||= String(data).startsWith('{"t":"welcome","epoch":"0","rev":0');
      socket.close();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(welcomed));
  });
}
