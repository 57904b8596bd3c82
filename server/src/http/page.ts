import { readFile } from 'node:fs/promises';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isPostId, isSite, isTheme, type PageData, type Place, TITLE_MAX_CHARS } from '../protocol/index.ts';
import type { Position } from '../room/position.ts';
import { askAge } from './adults.ts';
import { BAD_ROOM, BAD_SITE, pageOf } from './api.ts';
import { fillDocument } from './document.ts';
import { cardAddress, feedAddress, homeOf, roomAddress } from './links.ts';

const dist = new URL('../../../widget/dist/', import.meta.url);
/** A member given twice is a list. */
type Query = { [member in 'postId' | 'site' | 'title' | 'theme' | 'lang' | 'adult']?: string | string[] };

/** The room's page: the widget, and in it the newest messages as data, so that reading asks for nothing. */
export async function addPage(app: FastifyInstance, positionOf: (place: Place) => Promise<Position>, publicUrl: string): Promise<void> {
  const html = await readFile(new URL('index.html', dist), 'utf8').catch(() => {
    throw new Error('The widget is not built. Run `npx pnpm@12 build`, or `npx pnpm@12 start`, which does it.');
  });
  const files = { index: false, preCompressed: true, setHeaders: forAnyOrigin } as const;
  await app.register(fastifyStatic, { ...files, root: new URL('assets/', dist), prefix: '/assets/', immutable: true, maxAge: '365d' });
  // What blogs name, and so can have no name that changes.
  await app.register(fastifyStatic, { ...files, root: new URL('public/', dist), prefix: '/', wildcard: false, decorateReply: false, maxAge: '1h' });
  app.get<{ Params: { postId: string }; Querystring: Query }>('/room/:postId', (request, reply) => send(request, reply, request.params.postId, false));
  app.get<{ Querystring: Query }>('/embed', (request, reply) => send(request, reply, request.query.postId, true));

  const own = await readFile(new URL('admin.html', dist), 'utf8').catch(() => '');
  // Nobody may lay themselves over its buttons, and who opened it may hear that it is done.
  app.get('/admin', (_, reply) => reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').header('x-robots-tag', 'noindex')
    .header('content-security-policy', String(reply.getHeader('content-security-policy')).replace(/frame-ancestors [^;]*/, "frame-ancestors 'none'")).send(own));

  async function send(request: FastifyRequest<{ Querystring: Query }>, reply: FastifyReply, post: unknown, framed: boolean): Promise<FastifyReply> {
    const { site = '', title, theme } = request.query;
    if (!isPostId(post)) return reply.problem(400, 'bad_room', BAD_ROOM);
    if (!isSite(site)) return reply.problem(400, 'bad_site', BAD_SITE);
    const position = await positionOf({ site, post }).catch(() => null);
    const data: PageData = {
      room: post,
      site,
      title: typeof title === 'string' && title.isWellFormed() && title.trim() !== '' ? [...title.trim()].slice(0, TITLE_MAX_CHARS).join('') : null,
      lang: request.query.lang === 'ko' || request.query.lang === 'en' ? request.query.lang : preferred(request.headers['accept-language']),
      theme: isTheme(theme) ? theme : 'auto',
      facts: position?.facts ?? { id: post, title: null },
      snapshot: position && pageOf(position),
    };
    if (data.facts.rules?.adults) {
      // Of such a room nothing stands in a page, not even in that of who said that they are old enough.
      data.snapshot = null;
      reply.header('x-robots-tag', 'noindex');
      if (request.query.adult !== '1') return reply.type('text/html; charset=utf-8').header('cache-control', 'private, no-store').send(askAge(data, `${request.url}${request.url.includes('?') ? '&' : '?'}adult=1`));
    }
    const home = homeOf(request, publicUrl);
    const address = { framed, canonical: roomAddress({ site, post }, home), card: cardAddress({ site, post }, data.lang, home), oembed: `${home}/oembed?${new URLSearchParams({ url: roomAddress({ site, post }, home) })}`, feed: feedAddress({ site, post }, home) };
    if (!framed) reply.header('link', `<${address.oembed}>; rel="alternate"; type="application/json+oembed"`);
    // A shared cache would go on showing words that were deleted.
    return reply.type('text/html; charset=utf-8').header('cache-control', 'private, no-store').send(fillDocument(html, data, address));
  }
}

/** A frame that is sandboxed has no origin, and scripts of type module are always asked for across it. */
function forAnyOrigin(reply: FastifyReply): void {
  void reply.header('access-control-allow-origin', '*');
}

/** Korean unless the browser prefers English. */
function preferred(header: string | undefined): 'ko' | 'en' {
  const wanted = (header ?? '').toLowerCase().split(',').map((part) => part.trim().slice(0, 2)).find((lang) => lang === 'ko' || lang === 'en');
  return wanted === 'en' || (wanted === undefined && /[a-z]/i.test(header ?? '')) ? 'en' : 'ko';
}
