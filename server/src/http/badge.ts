import type { FastifyInstance } from 'fastify';
import { isPostId, isSite, type Place } from '../protocol/index.ts';
import { answered, BAD_ROOM, BAD_SITE } from './api.ts';

const FRESH_S = 60;
const HEIGHT = 28;
const SIDE = 12;
const DOT = 16;
/** Of 13 px letters in the faces that systems have; the text is drawn as wide as it is counted. */
const WIDE_PX = 13;
const NARROW_PX = 7;

const words = {
  ko: { here: (count: string) => `지금 ${count}명`, said: (count: string) => `이야기 ${count}개`, none: '이야기 나누기' },
  en: { here: (count: string) => `${count} here now`, said: (count: string) => `${count} message${count === '1' ? '' : 's'}`, none: 'Talk about it' },
} as const;

/** Who is there now, and how many messages stand. */
export type Crowd = { here: number; said: number };
type Asked = { Params: { '*': string }; Querystring: { site?: string; lang?: string } };

/** `/badge/{postId}.svg`: for pages that allow a picture and no frame. Who is there now, or else what was said. */
export function addBadge(app: FastifyInstance, crowdOf: (place: Place) => Promise<Crowd>): void {
  app.get<Asked>('/badge/*', async (request, reply) => {
    const { '*': file } = request.params;
    const { site = '', lang } = request.query;
    if (!file.endsWith('.svg')) return reply.callNotFound();
    const post = file.slice(0, -'.svg'.length);
    if (!isPostId(post)) return reply.problem(400, 'bad_room', BAD_ROOM);
    if (!isSite(site)) return reply.problem(400, 'bad_site', BAD_SITE);
    return reply.type('image/svg+xml; charset=utf-8').header('cache-control', `public, max-age=${FRESH_S}`)
      .send(draw(await answered(crowdOf({ site, post })), lang === 'en' ? 'en' : 'ko'));
  });
}

function draw({ here, said }: Crowd, lang: keyof typeof words): string {
  const number = new Intl.NumberFormat(lang, { notation: 'compact' });
  const own = words[lang];
  const text = here > 0 ? own.here(number.format(here)) : said > 0 ? own.said(number.format(said)) : own.none;
  const wide = [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? WIDE_PX : NARROW_PX), 0);
  const width = SIDE + DOT + wide + SIDE;
  const middle = HEIGHT / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${text}">`
    // In colours that stand on any page: a picture does not know the page's theme, and no policy lets it have styles.
    + `<rect width="${width}" height="${HEIGHT}" rx="${middle}" fill="#4a55cf"/>`
    + `<circle cx="${SIDE + 5}" cy="${middle}" r="4" fill="${here > 0 ? '#7fe6b4' : '#aab1f5'}"/>`
    + `<text fill="#fff" x="${SIDE + DOT}" y="${middle}" dominant-baseline="central" textLength="${wide}" font-size="13" font-weight="600" font-family="-apple-system,'Segoe UI',Roboto,'Apple SD Gothic Neo','Noto Sans KR',system-ui,sans-serif">${text}</text></svg>`;
}
