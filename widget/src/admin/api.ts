import { PAGE_KEY } from '../state/keyring.ts';

/** Our own server, by the key this page holds. Nobody else's page is answered. */
export type Holder = { role: 'owner' | 'moderator'; name: string; site: string | null; room: string | null };
export type Listed = Holder & { id: number; createdAt: number; invitedUntil: number | null };
export type Waiting = { room: string; site: string; blog: string; at: number; now: number };
/** `status` 0: the server was not reached. */
export type Answer<T> = { ok: true; body: T } | { ok: false; status: number; code: string; title: string };

export const key = {
  read: (): string | null => localStorage.getItem(PAGE_KEY),
  write(value: string | null): void {
    if (value === null) localStorage.removeItem(PAGE_KEY);
    else localStorage.setItem(PAGE_KEY, value);
  },
};

/** `body`: what becomes JSON, or lines of it as they are. */
export async function ask<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object | string, bearer = key.read()): Promise<Answer<T>> {
  const headers: HeadersInit = { ...(bearer && { authorization: `Bearer ${bearer}` }), ...(body !== undefined && { 'content-type': typeof body === 'string' ? 'application/x-ndjson' : 'application/json' }) };
  const answer = await fetch(`/api/v1${path}`, { method, headers, credentials: 'omit', ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }) }).catch(() => null);
  const said = answer === null || answer.status === 204 ? null : await answer.json().catch(() => null);
  const { code = '', title = '' } = (said ?? {}) as { code?: string; title?: string };
  if (!answer?.ok) return { ok: false, status: answer?.status ?? 0, code, title };
  return { ok: true, body: said as T };
}

/** Saves what is answered as a file; false where there was none. */
export async function save(path: string, name: string): Promise<boolean> {
  const answer = await fetch(`/api/v1${path}`, { headers: { authorization: `Bearer ${key.read() ?? ''}` }, credentials: 'omit' }).catch(() => null);
  const file = answer?.ok ? await answer.blob().catch(() => null) : null;
  if (!file) return false;
  const href = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href, download: name }).click();
  URL.revokeObjectURL(href);
  return true;
}

/** A room's part of an address, and its site's. */
export function pathOf(room: string, site: string, what: string, query: Record<string, string> = {}): string {
  return `/rooms/${encodeURIComponent(room)}/${what}?${new URLSearchParams({ ...(site && { site }), ...query })}`;
}
