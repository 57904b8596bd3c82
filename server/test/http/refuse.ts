import type { Sql } from 'postgres';
import { type Client, openClient } from '../support/client.ts';
import { type BadFrame, json, MARK, type Sent } from './bad-frame.ts';
import type { BadRequest } from './bad-requests.ts';
import { ask } from './raw.ts';
import { countWritten, readTables } from './tables.ts';

/** What became of one bad row: refused as it should be, its socket or sender still able to speak, nothing written. */
export type Fate = { name: string; refused: boolean; harmed: boolean; written: number; seen: string };
export type Place = { ws: string; sql: Sql };

const WITHIN_MS = 5_000;

/** Sends one bad frame to a real server and looks at everything it could have harmed. `heard` collects what came back. */
export async function refuse({ ws, sql }: Place, row: BadFrame, heard: string[]): Promise<Fate> {
  const room = `bad ${row.name}`.slice(0, 200);
  const who = { id: crypto.randomUUID(), nick: '너구리', avatar: 'raccoon' };
  const client = await openClient(ws, row.stage === 'live' ? { room, ...who } : undefined);
  client.raw.on('message', (data) => heard.push(String(data)));
  for (const frame of row.first ?? []) {
    client.send(frame);
    await client.next('ok');
  }
  const before = await readTables(sql);
  transmit(client, row.send);
  const seen = await outcome(client, row).catch((error: Error) => error.message);
  const written = countWritten(before, await readTables(sql));
  const harmed = !(await canSpeak(ws, client, row, { room, ...who }).catch(() => false));
  await client.close();
  return { name: row.name, refused: seen === 'refused', harmed, written, seen };
}

/** Sends one bad request, and a good one after it. What was asked for must not be told back: errors are read by strangers. */
export async function decline({ http, sql }: { http: string; sql: Sql }, row: BadRequest): Promise<Fate> {
  const before = await readTables(sql);
  const { status, body, headers } = await ask(http, row.ask);
  const isProblem = (headers['content-type'] ?? '').startsWith('application/problem+json');
  const { code } = isProblem ? (JSON.parse(body) as { code?: string }) : {};
  const echoes = body.includes(MARK);
  const refused = status === row.status && code === row.code && isProblem && !echoes;
  const seen = refused ? 'refused' : `${status} ${headers['content-type']} ${code || body.slice(0, 200)}`;
  const written = countWritten(before, await readTables(sql));
  const harmed = (await ask(http, { path: '/room/x' })).status !== 200;
  return { name: row.name, refused, harmed, written, seen };
}

function transmit({ raw }: Client, sent: Sent): void {
  if (typeof sent === 'string') raw.send(sent);
  else if ('binary' in sent) raw.send(sent.binary);
  else if ('claimed' in sent) raw.send(sent.claimed, { binary: false });
  else for (let i = 1; i <= sent.pieces; i += 1) raw.send('a', { fin: i === sent.pieces });
}

async function outcome(client: Client, { then }: BadFrame): Promise<string> {
  if ('closed' in then) {
    const { code } = await within(client.closed);
    return code === then.closed ? 'refused' : `closed ${code}`;
  }
  if ('dropped' in then) {
    const { dropped } = await client.next('welcome');
    return dropped?.length === 1 && dropped[0] === then.dropped ? 'refused' : `dropped ${dropped}`;
  }
  const { code, cid } = await client.next('no');
  return code === then.code && cid === then.cid ? 'refused' : `${code} ${cid ?? ''}`;
}

/** On the same socket when it lives, on a new one of the same person when it was closed. */
async function canSpeak(ws: string, client: Client, { stage, then }: BadFrame, hello: object): Promise<boolean> {
  const open = !('closed' in then);
  const speaker = open ? client : await openClient(ws);
  const greeted = open && (stage === 'live' || 'dropped' in then);
  if (!greeted) {
    speaker.send({ t: 'hello', v: 1, ...hello });
    await speaker.next('welcome');
  } else if ('dropped' in then) {
    // What was dropped is missing, so the person may have to say again who it is.
    speaker.send(json({ t: 'nick', nick: '너구리', avatar: 'raccoon', ...(then.dropped === 'id' && { id: crypto.randomUUID() }) }));
    await speaker.next('you');
  }
  const answer = await speaker.say('a good word');
  if (!open) await speaker.close();
  return answer.t === 'ok';
}

function within<T>(promise: Promise<T>): Promise<T> {
  return Promise.race([promise, new Promise<never>((_, reject) => setTimeout(() => reject(new Error('the socket stayed open')), WITHIN_MS).unref())]);
}
