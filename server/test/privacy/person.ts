import type { Client } from '../support/client.ts';
import { does } from '../moderation/desk.ts';

export type Line = { is: string; room: string; n: number; text: string; nick: string; avatar: string; at: number; [more: string]: unknown };
export type Erased = { rooms: number; messages: number; reactions: number; held: number };

export async function ticketOf(client: Client): Promise<string> {
  return ((await does(client, { t: 'ticket' })) as { ticket: string }).ticket;
}

export async function download({ http }: { http: string }, ticket: string, path = '/api/v1/mine'): Promise<{ answer: Response; text: string; lines: Line[] }> {
  const answer = await fetch(http + path, { headers: { authorization: `Bearer ${ticket}` } });
  const text = await answer.text();
  return { answer, text, lines: answer.ok ? text.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as Line) : [] };
}

export async function erase({ http }: { http: string }, ticket: string): Promise<Erased> {
  const answer = await fetch(`${http}/api/v1/mine`, { method: 'DELETE', headers: { authorization: `Bearer ${ticket}` } });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Erased;
}
