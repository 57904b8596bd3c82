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

/** Every place that tells of a room to who is not in it, as it was answered. `key`: an owner's. Cards are pictures: what is drawn there is in `oembed` and `counts`. */
export async function tellingsOf({ http }: { http: string }, room: string, key: string): Promise<Record<string, string>> {
  const at = `/api/v1/rooms/${encodeURIComponent(room)}`;
  const places = {
    ndjson: `${at}/export?format=ndjson`, csv: `${at}/export?format=csv`, markdown: `${at}/export?format=md`,
    atom: `${at}/feed.atom`, feed: `${at}/feed.json`, head: at, messages: `${at}/messages`, older: `${at}/messages?before=100`, pictures: `${at}/messages?pic=0`,
    page: `/room/${encodeURIComponent(room)}`, oembed: `/oembed?url=${encodeURIComponent(`${http}/room/${encodeURIComponent(room)}`)}`, badge: `/badge/${encodeURIComponent(room)}.svg`, counts: `/api/v1/counts?ids=${encodeURIComponent(room)}`,
    desk: `${at}/desk`, search: `${at}/search`, rooms: '/api/v1/rooms', bans: '/api/v1/bans', audit: '/api/v1/audit', erasures: '/api/v1/erasures',
  };
  const told: Record<string, string> = {};
  for (const [name, path] of Object.entries(places)) {
    const answer = await fetch(http + path, { headers: { authorization: `Bearer ${key}` } });
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    const text = await answer.text();
    // What is planted has signs that Markdown escapes: they would be found nowhere.
    told[name] = name === 'markdown' ? text.replace(/\\(.)/g, '$1') : text;
  }
  return told;
}

/** The texts that a room's export has, oldest first. */
export function exportedTexts(ndjson = ''): string[] {
  return ndjson.trim().split('\n').slice(1).map((line) => (JSON.parse(line) as { text: string }).text);
}
