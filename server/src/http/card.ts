import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { avatars, hueOf, isPostId, isSite, type LiveRow, type PageData, type Place } from '../protocol/index.ts';
import type { Position } from '../room/position.ts';
import type { Shed } from '../room/shed.ts';
import { answered, BAD_ROOM, BAD_SITE } from './api.ts';
import type { Crowd } from './badge.ts';
import { escapeHtml } from './document.ts';
import { CARD } from './links.ts';
import type { Rasteriser } from './rasteriser.ts';

type Lang = PageData['lang'];
type Asked = { Params: { '*': string }; Querystring: { site?: string; lang?: string } };
type Face = { avatar: string; hue: number };
type Kept = { png: Promise<Uint8Array>; until: number };

const FRESH_MS = 60_000;
/** Who shows links keeps what it was told for longer than that anyway. */
const SHED_S = 60;
const KEPT_MAX = 100;
const FACES = 5;
const LINES = 3;
/** Of 1,200 px without the margins, at 68 px: in ems of the face. */
const LINE_EMS = 15.2;
/** What the face has no sign for is not drawn as a box. */
const DRAWABLE = /^[\p{Script=Hangul}\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]*$/u;
const PICTURES = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f\u20e3]/gu;

const words = {
  ko: { kicker: '글 옆에서 나누는 이야기', room: '게시물 토론방', here: (count: string) => `지금 ${count}명`, said: (count: string) => `이야기 ${count}개`, none: '첫마디를 기다려요' },
  en: { kicker: 'A conversation beside the text', room: 'The post’s room', here: (count: string) => `${count} here now`, said: (count: string) => `${count} message${count === '1' ? '' : 's'}`, none: 'Waiting for a first word' },
} as const;

/** `/card/{postId}.png`: what a link to a room looks like where links are shown as pictures (Open Graph). */
export async function addCard(app: FastifyInstance, positionOf: (place: Place) => Promise<Position>, crowdOf: (place: Place) => Promise<Crowd>, rasteriser: Rasteriser, shed: Shed): Promise<void> {
  const animals = new Map(await Promise.all(avatars.map(async (name) => [name, await readAnimal(name)] as const)));
  const kept = new Map<string, Kept>();

  app.get<Asked>('/card/*', async (request, reply) => {
    const { '*': file } = request.params;
    const { site = '' } = request.query;
    if (!file.endsWith('.png')) return reply.callNotFound();
    const post = file.slice(0, -'.png'.length);
    if (!isPostId(post)) return reply.problem(400, 'bad_room', BAD_ROOM);
    if (!isSite(site)) return reply.problem(400, 'bad_site', BAD_SITE);
    if (shed.has('previews')) return reply.header('retry-after', SHED_S).problem(503, 'shed', 'No pictures are drawn while there is so much to do.');
    const lang = request.query.lang === 'en' ? 'en' : 'ko';
    const png = await pictureOf({ site, post }, lang);
    if (!png) return reply.header('retry-after', '5').problem(503, 'busy', 'Too many pictures are being drawn.');
    return reply.type('image/png').header('cache-control', `public, max-age=${FRESH_MS / 1_000}`).send(png);
  });

  async function pictureOf(place: Place, lang: Lang): Promise<Uint8Array | null> {
    const known = kept.get(`${lang}\n${place.site}\n${place.post}`);
    if (known && known.until > Date.now()) return known.png;
    const [{ facts, kept: rows }, crowd] = await answered(Promise.all([positionOf(place), crowdOf(place)]));
    // All rooms that nobody named or spoke in look the same: making up addresses makes no work.
    const blank = facts.title === null && crowd.here === 0 && rows.length === 0;
    const key = blank ? lang : `${lang}\n${place.site}\n${place.post}`;
    const other = kept.get(key);
    if (other && other.until > Date.now()) return other.png;
    const png = rasteriser.draw(draw(facts.title ?? words[lang].room, crowd, facesOf(rows.map(({ row }) => row).filter((row): row is LiveRow => !row.deleted)), lang, animals));
    if (!png) return null;
    kept.delete(key);
    kept.set(key, { png, until: Date.now() + FRESH_MS });
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    png.catch(() => kept.delete(key));
    return png;
  }
}

async function readAnimal(name: string): Promise<string> {
  return (await readFile(new URL(`../../../widget/dist/card/${name}.svg`, import.meta.url), 'utf8')).trim();
}

/** Who spoke last, each once; where nobody did, those who wait for the first. */
function facesOf(rows: readonly LiveRow[]): Face[] {
  const faces = new Map<string, Face>();
  for (const { author, avatar } of rows.toReversed()) {
    if (faces.size < FACES && !faces.has(author)) faces.set(author, { avatar, hue: hueOf(author) });
  }
  return faces.size > 0 ? [...faces.values()] : ['raccoon', 'fox', 'owl', 'whale', 'panda'].map((avatar, i) => ({ avatar, hue: i * 75 + 30 }));
}

function draw(title: string, { here, said }: Crowd, faces: Face[], lang: Lang, animals: ReadonlyMap<string, string>): string {
  const own = words[lang];
  const number = new Intl.NumberFormat(lang, { notation: 'compact' });
  const told = [...(here > 0 ? [own.here(number.format(here))] : []), ...(said > 0 ? [own.said(number.format(said))] : [])].join(' · ') || own.none;
  const pill = Math.ceil(emsOf(told) * 28) + 94;
  const lines = wrap(DRAWABLE.test(title) ? title.replace(PICTURES, '').trim() || own.room : own.room);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD.width}" height="${CARD.height}" viewBox="0 0 ${CARD.width} ${CARD.height}" font-family="IBM Plex Sans KR SemiBold">
<rect width="1200" height="630" fill="#fff"/><rect width="1200" height="14" fill="#4a55cf"/>
<text x="80" y="124" font-size="30" fill="#5b5e6b">${own.kicker}</text>
${lines.map((line, i) => `<text x="80" y="${226 + i * 88}" font-size="68" fill="#1e1f26">${escapeHtml(line)}</text>`).join('')}
${faces.map(({ avatar, hue }, i) => tile(animals.get(avatar) ?? '', 80 + i * 84, hue)).join('')}
<rect x="${1_120 - pill}" y="468" width="${pill}" height="68" rx="34" fill="#4a55cf"/><circle cx="${1_158 - pill}" cy="502" r="9" fill="${here > 0 ? '#7fe6b4' : '#aab1f5'}"/>
<text x="${1_180 - pill}" y="513" font-size="30" fill="#fff">${told}</text></svg>`;
}

function tile(animal: string, x: number, hue: number): string {
  return `<rect x="${x}" y="454" width="96" height="96" rx="34" fill="${tint(hue)}" stroke="#fff" stroke-width="6"/>${animal.replace('<svg', `<svg x="${x + 9}" y="463" width="78" height="78"`)}`;
}

/** The tile's colour in the widget's light theme, `oklch(91% .05 hue)`, in numbers every drawing knows (CSS Color 4, § 10). */
function tint(hue: number): string {
  const [a, b] = [0.05 * Math.cos((hue * Math.PI) / 180), 0.05 * Math.sin((hue * Math.PI) / 180)];
  const [l, m, s] = [(0.91 + 0.3963377774 * a + 0.2158037573 * b) ** 3, (0.91 - 0.1055613458 * a - 0.0638541728 * b) ** 3, (0.91 - 0.0894841775 * a - 1.291485548 * b) ** 3];
  const part = (light: number): number => Math.round(255 * Math.min(1, Math.max(0, 1.055 * light ** (1 / 2.4) - 0.055)));
  return `rgb(${part(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)} ${part(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)} ${part(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)})`;
}

/** Words as wide as the card; those too long for a line are broken, what is too much for all lines is cut. */
function wrap(title: string): string[] {
  const lines = [''];
  for (const word of title.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (emsOf(`${line} ${word}`) <= LINE_EMS) lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    else {
      if (line !== '') lines.push('');
      for (const letter of word) {
        if (emsOf(lines.at(-1) + letter) > LINE_EMS) lines.push('');
        lines[lines.length - 1] += letter;
      }
    }
  }
  return lines.length > LINES ? [...lines.slice(0, LINES - 1), `${cut(lines[LINES - 1] ?? '')}…`] : lines;
}

function cut(line: string): string {
  return emsOf(line) > LINE_EMS - 1 ? [...line].slice(0, -2).join('').trimEnd() : line;
}

/** A little more than it will be: the face's widest of each kind of letter. */
function emsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 0.93 : /[MWmw@%—…]/.test(letter) ? 0.95 : /[A-Z&]/.test(letter) ? 0.7 : /[\s.,:;'’iljI!|()·]/.test(letter) ? 0.34 : 0.62), 0);
}
