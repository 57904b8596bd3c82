import { PAGE_ROWS, type Page } from '@aside/server/protocol';

/** The page of messages before number `before`, or the newest; null when it cannot be had now. */
export async function fetchPage(room: string, site: string, before?: number): Promise<Page | null> {
  const url = `/api/v1/rooms/${encodeURIComponent(room)}/messages?${before ? `before=${before}&` : ''}limit=${PAGE_ROWS}&site=${encodeURIComponent(site)}`;
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
