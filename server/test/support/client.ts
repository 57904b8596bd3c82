import { nanoid } from 'nanoid';
import { type ClientOptions, WebSocket } from 'ws';
import { parseServerFrame, type ServerFrame } from '../../src/protocol/index.ts';

export type Client = {
  readonly frames: ServerFrame[];
  readonly closed: Promise<{ code: number; reason: string }>;
  send(frame: object | string): void;
  /** The first frame that matches, had or to come. Fails by name after the time. */
  next<T extends ServerFrame['t']>(t: T, matches?: (frame: Extract<ServerFrame, { t: T }>) => boolean, withinMs?: number): Promise<Extract<ServerFrame, { t: T }>>;
  say(text: string, cid?: string): Promise<Extract<ServerFrame, { t: 'ok' | 'no' | 'wait' }>>;
  close(): Promise<void>;
  readonly raw: WebSocket;
};

/** A socket that keeps every frame it got. `hello` is sent at once when given. */
export async function openClient(url: string, hello?: Record<string, unknown>, options: ClientOptions = {}): Promise<Client> {
  const raw = new WebSocket(url, { perMessageDeflate: false, ...options });
  const frames: ServerFrame[] = [];
  const waiting = new Set<(frame: ServerFrame) => boolean>();
  raw.on('message', (data) => {
    const frame = parseServerFrame(String(data));
    if (!frame) return;
    frames.push(frame);
    for (const look of waiting) look(frame);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => raw.on('close', (code, reason) => resolve({ code, reason: String(reason) })));
  raw.on('error', () => {});
  await new Promise<void>((resolve, reject) => { raw.once('open', resolve); raw.once('unexpected-response', (_, response) => reject(new Error(`refused with ${response.statusCode}`))); });
  const client: Client = {
    frames,
    closed,
    raw,
    send: (frame) => raw.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    next: (t, matches = () => true, withinMs = 5_000) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => { waiting.delete(look); reject(new Error(`No "${t}" came within ${withinMs} ms; there were ${frames.map((one) => one.t).join(' ') || 'no frames'}`)); }, withinMs);
      const look = (frame: ServerFrame): boolean => {
        if (frame.t !== t || !matches(frame as never)) return false;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(frame as never);
        return true;
      };
      // Only what comes is looked at then: hundreds who wait must not read everything again for each frame.
      if (!frames.some(look)) waiting.add(look);
    }),
    async say(text, cid = nanoid()) {
      const known = frames.length;
      client.send({ t: 'say', cid, text });
      const isAnswer = (frame: { cid?: string }): boolean => frame.cid === cid && frames.indexOf(frame as never) >= known;
      return Promise.race([client.next('ok', isAnswer), client.next('no', isAnswer), client.next('wait', isAnswer)]) as never;
    },
    async close() {
      raw.close();
      await closed;
    },
  };
  if (hello) {
    client.send({ t: 'hello', v: 1, ...hello });
    await client.next('welcome');
  }
  return client;
}

/** A person with a name. */
export function person(nick = '익명의 너구리'): { id: string; nick: string; avatar: string } {
  return { id: crypto.randomUUID(), nick, avatar: 'raccoon' };
}
