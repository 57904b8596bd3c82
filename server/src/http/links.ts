import type { FastifyRequest } from 'fastify';
import { isPostId, isSite, type Place } from '../protocol/index.ts';

/** Where readers find this server: as the operator says, or as this request came. */
export function homeOf(request: FastifyRequest, publicUrl: string): string {
  return publicUrl === '' ? `${request.protocol}://${request.host}` : new URL(publicUrl).origin;
}

/** A room as a page of its own. */
export function roomAddress({ site, post }: Place, home: string): string {
  return `${home}/room/${encodeURIComponent(post)}${site === '' ? '' : `?${new URLSearchParams({ site })}`}`;
}

/** A room to be framed. */
export function embedAddress({ site, post }: Place, home: string): string {
  return `${home}/embed?${new URLSearchParams({ postId: post, ...(site === '' ? {} : { site }) })}`;
}

/** A room as a picture, in pixels: what places that show links ask for. */
export const CARD = { width: 1_200, height: 630 } as const;

export function cardAddress({ site, post }: Place, lang: string, home: string): string {
  return `${home}/card/${encodeURIComponent(post)}.png?${new URLSearchParams({ lang, ...(site === '' ? {} : { site }) })}`;
}

/** The newest messages of a room, for who follows it without being in it. */
export function feedAddress({ site, post }: Place, home: string): string {
  return `${home}/api/v1/rooms/${encodeURIComponent(post)}/feed.atom${site === '' ? '' : `?${new URLSearchParams({ site })}`}`;
}

/** The room that a link of ours leads to, in either form; null for all other addresses. */
export function placeAt(link: string, home: string): Place | null {
  if (!URL.canParse(link)) return null;
  const { origin, pathname, searchParams } = new URL(link);
  const post = pathname === '/embed' ? searchParams.get('postId') : decode(pathname.match(/^\/room\/([^/]+)$/)?.[1]);
  const site = searchParams.get('site') ?? '';
  return origin === home && isPostId(post) && isSite(site) ? { site, post } : null;
}

function decode(part: string | undefined): string | null {
  try {
    return part === undefined ? null : decodeURIComponent(part);
  } catch {
    return null;
  }
}
