import { PAGE_ROWS, type Page, type PicturePage } from '@aside/server/protocol';

/** The page of messages before number `before`, or the newest; null when it cannot be had now. */
export function fetchPage(room: string, site: string, before?: number): Promise<Page | null> {
  return ask(room, site, before ? { before } : {});
}

/** The page of messages around picture `pic`, or behind message `after` of it, or before message `until` of it. */
export async function fetchAround(room: string, site: string, around: { pic: number; after?: number; until?: number }): Promise<PicturePage | null> {
  const page = await ask(room, site, around);
  return page && 'older' in page ? (page as PicturePage) : null;
}

async function ask(room: string, site: string, which: Record<string, number>): Promise<Page | null> {
  const query = Object.entries(which).map(([name, value]) => `${name}=${value}&`).join('');
  const url = `/api/v1/rooms/${encodeURIComponent(room)}/messages?${query}limit=${PAGE_ROWS}&site=${encodeURIComponent(site)}`;
  try {
    const answer = await fetch(url, { credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(PAGE_WITHIN_MS) });
    return answer.ok ? readPage(await answer.json()) : null;
  } catch {
    return null;
  }
}

const PAGE_WITHIN_MS = 15_000;

/** Our own server's words, but a proxy may answer in its place. */
function readPage(body: Partial<Page> | null): Page | null {
  return Array.isArray(body?.rows) && typeof body.rev === 'number' && typeof body.epoch === 'string' ? (body as Page) : null;
}
