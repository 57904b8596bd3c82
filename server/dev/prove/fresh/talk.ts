import { randomBytes, randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

const MS_TO_ANSWER = 10_000;

/** A reader of `room` says something, as the widget of a page at `origin` would; resolves when it is saved. */
export function say(origin: string, room: string, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws`, { origin });
  const cid = randomBytes(16).toString('base64url').slice(0, 21);
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  const late = setTimeout(() => reject(new Error(`no answer from ${origin} within ${MS_TO_ANSWER / 1_000} s`)), MS_TO_ANSWER);
  socket.on('open', () => send({ t: 'hello', v: 1, room, id: randomUUID(), nick: '익명의 너구리', avatar: 'raccoon' }));
  socket.on('message', (data) => {
    const frame: { t: string; cid?: string } = JSON.parse(String(data));
    if (frame.t === 'welcome') send({ t: 'say', cid, text });
    if (frame.t === 'ok' && frame.cid === cid) resolve();
    if (frame.t === 'no') reject(new Error(`refused: ${data}`));
  });
  socket.on('error', reject);
  socket.on('close', (code, reason) => reject(new Error(`the socket closed with ${code} ${reason}`)));
  return promise.finally(() => {
    clearTimeout(late);
    socket.close();
  });
}

/** What the room keeps, asked over HTTP. */
export async function textsIn(origin: string, room: string): Promise<string[]> {
  const answer = await fetch(`${origin}/api/v1/rooms/${room}/messages`, { signal: AbortSignal.timeout(MS_TO_ANSWER) });
  const { rows }: { rows: { text: string }[] } = await answer.json();
  return rows.map(({ text }) => text);
}
