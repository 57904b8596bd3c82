import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import { WebSocket } from 'ws';

/** A reader who only listens. How it is sent away: the code in `bye`, and the one of the close frame. */
export async function openReader(origin: string, room: string): Promise<{ farewell: Promise<{ bye: number | null; close: number }> }> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws`, { origin });
  const welcome = Promise.withResolvers<void>();
  const farewell = Promise.withResolvers<{ bye: number | null; close: number }>();
  let bye: number | null = null;
  socket.on('message', (data) => {
    const frame: { t: string; code?: number } = JSON.parse(String(data));
    if (frame.t === 'welcome') welcome.resolve();
    if (frame.t === 'bye') bye = frame.code ?? null;
  });
  socket.on('error', welcome.reject);
  socket.on('close', (close) => farewell.resolve({ bye, close }));
  await once(socket, 'open');
  socket.send(JSON.stringify({ t: 'hello', v: 1, room, id: randomUUID(), nick: '익명의 너구리', avatar: 'raccoon' }));
  await welcome.promise;
  return { farewell: farewell.promise };
}

/** One request from one of loopback's addresses, claiming to stand for another; how many more that address may make. */
export async function askFrom(address: string, claim: string, host: string): Promise<number> {
  const headers = claim === '' ? {} : { 'x-forwarded-for': claim };
  const asking = request({ host, path: '/room/addresses', localAddress: address, headers, agent: false }).end();
  const [answer] = await once(asking, 'response');
  answer.resume();
  return Number(answer.headers['x-ratelimit-remaining']);
}
