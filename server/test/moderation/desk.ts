import { nanoid } from 'nanoid';
import type { LiveRow, Row, ServerFrame } from '../../src/protocol/index.ts';
import { type Client, openClient } from '../support/client.ts';
import type { TestServer } from '../support/server.ts';

export const ADMIN_TOKEN = 'the-operator-of-these-tests-has-this-token';
type Answer = Extract<ServerFrame, { t: 'ok' | 'no' | 'wait' }>;
/** As much of an answer's body as is asked for here. */
type Told = { key: string; id: number; invitation: string; rows: Row[]; code?: string; room?: string; site?: string; blog?: string; at: number; now: number };
/** Readers by a number, so that one comes back as who they were. */
export const idOf = (i: number): string => `5eed5eed-0000-4000-8abc-${String(i).padStart(12, '0')}`;

export async function ask(server: TestServer, method: string, path: string, { token, body }: { token?: string; body?: unknown } = {}): Promise<{ status: number; body: Told }> {
  const answer = await fetch(server.http + path, {
    method, headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

export async function ownerKey(server: TestServer): Promise<string> {
  return (await ask(server, 'POST', '/api/v1/keys', { token: ADMIN_TOKEN, body: {} })).body.key;
}

/** A moderator's key: invited by the owner, redeemed as our own page does. */
export async function moderatorKey(server: TestServer, where: { site?: string; room?: string } = {}): Promise<{ key: string; id: number }> {
  const invited = await ask(server, 'POST', '/api/v1/moderators', { token: await ownerKey(server), body: { name: '민지', ...where } });
  const invitation = new URL(invited.body.invitation).hash.slice('#invite='.length);
  const redeemed = await ask(server, 'POST', '/api/v1/keys', { body: { invitation } });
  return { key: redeemed.body.key, id: invited.body.id };
}

export function enter(server: TestServer, room: string, who: { id?: string; nick?: string; key?: string; at?: unknown; site?: string } = {}): Promise<Client> {
  return openClient(server.ws, { room, ...(who.id && { nick: '너구리', avatar: 'raccoon' }), ...who });
}

export async function does(client: Client, frame: { t: string } & Record<string, unknown>): Promise<Answer> {
  const cid = typeof frame.cid === 'string' ? frame.cid : nanoid();
  const known = client.frames.length;
  client.send({ ...frame, cid });
  const isIt = (one: { cid?: string }): boolean => one.cid === cid && client.frames.indexOf(one as never) >= known;
  return Promise.race([client.next('ok', isIt), client.next('no', isIt), client.next('wait', isIt)]);
}

/** What this reader sees now: the newest form of every message it was told of. */
export function seen(client: Client): Map<number, Row> {
  const rows = new Map<number, Row>();
  for (const frame of client.frames) {
    if (frame.t === 'reset' || (frame.t === 'welcome' && !frame.resumed)) rows.clear();
    if (!('rows' in frame)) continue;
    for (const row of frame.rows) if ((rows.get(row.n)?.rev ?? -1) < row.rev) rows.set(row.n, row);
  }
  return rows;
}

export function textsOf(rows: Iterable<Row>): string[] {
  return [...rows].filter((row): row is LiveRow => !row.deleted).sort((a, b) => a.n - b.n).map(({ text }) => text);
}

export function authorOf(client: Client): string {
  const welcome = client.frames.find((frame) => frame.t === 'welcome');
  if (welcome?.t !== 'welcome' || !welcome.you.author) throw new Error('has no author');
  return welcome.you.author;
}
