import { isPreset, type LiveRow, type PageData, PRESETS_SHEET, STREAM_SHEET, type Theme } from '../protocol/index.ts';
import { CARD } from './links.ts';

/** Where a room stands for everybody: what a link says, whoever asks and however. */
export type Address = { canonical: string; oembed: string; feed: string; card: string; /** In another page: not to be found by itself. */ framed: boolean };

/** In a frame the words are the reader's to scroll; a page of its own shows all it has. */
const FRAMED_ROWS = 20;

const WITHOUT_SCRIPT = {
  ko: { open: '이 대화에 참여하려면 자바스크립트가 필요해요.', room: '게시물 토론방', empty: '아직 아무도 말하지 않았어요.', away: '지금은 대화를 불러올 수 없어요. 잠시 뒤에 다시 열어 주세요.', own: '이 대화를 새 창에서 열기', about: '같은 글을 읽는 사람들이 지금 나누는 이야기' },
  en: { open: 'To join this conversation, JavaScript is needed.', room: 'The post’s room', empty: 'Nobody has said anything yet.', away: 'The conversation cannot be read now. Please come back in a moment.', own: 'Open this conversation in a window of its own', about: 'What people who read the same post are talking about' },
} as const;

/** What the browser draws, and picks for what has no colour of ours, until the styles are there. */
export const SHADES: Record<Theme, string> = { auto: 'light dark', light: 'light', dark: 'dark', sepia: 'light', midnight: 'dark', black: 'dark' };

/** The words of both languages, each a file of its own: the page names the one it is read in. */
const WORDS = /src="([^"]+)" data-en="([^"]+)"/;

/** The widget's page for one reader: the newest messages as data, and as text for who runs no scripts. */
export function fillDocument(html: string, data: PageData, address: Address): string {
  const rows = (data.snapshot?.rows ?? []).filter((row): row is LiveRow => !row.deleted);
  return (data.lang === 'en' ? html.replace(WORDS, 'src="$2"') : html)
    .replace('<html lang="ko" data-theme="auto">', () => `<html lang="${data.lang}" data-theme="${data.theme}">`)
    .replace('content="light dark"', () => `content="${SHADES[data.theme]}"${sheets(data).map((href) => `><link rel="stylesheet" href="${href}"`).join('')}`)
    .replace('<title>Aside</title>', () => `<title>${escapeHtml(titleOf(data))}</title>`)
    .replace('<meta name="robots" content="noindex">', () => head(data, rows, address))
    .replace('id="aside-page">{}<', () => `id="aside-page">${json(data)}<`)
    .replace('<noscript></noscript>', () => `<noscript>${transcript(data, address.framed ? rows.slice(-FRAMED_ROWS) : rows, address)}</noscript>`);
}

/** Of the sheets that few pages need, those that this one does. */
export function sheets({ theme, facts }: PageData): string[] {
  return [...(isPreset(theme) ? [PRESETS_SHEET] : []), ...(facts.stream ? [STREAM_SHEET] : [])];
}

function head(data: PageData, rows: LiveRow[], { canonical, oembed, feed, framed, card: picture }: Address): string {
  // A room that could not be read must not be remembered as an empty one.
  const unread = data.snapshot === null;
  const link = `<link rel="canonical" href="${escapeHtml(canonical)}"><link rel="alternate" type="application/json+oembed" href="${escapeHtml(oembed)}"><link rel="alternate" type="application/atom+xml" href="${escapeHtml(feed)}">`;
  return framed || unread ? `<meta name="robots" content="noindex">${link}` : `${link}${card(data, canonical, picture)}<script type="application/ld+json">${json(conversation(data, rows, canonical))}</script>`;
}

/** For places that show a link as a card (Open Graph). */
function card({ facts, lang }: PageData, canonical: string, picture: string): string {
  const words = WITHOUT_SCRIPT[lang];
  const title = facts.title ?? words.room;
  const told = {
    'og:title': title, 'og:description': words.about, 'og:url': canonical, 'og:type': 'website', 'og:site_name': 'Aside',
    'og:image': picture, 'og:image:width': String(CARD.width), 'og:image:height': String(CARD.height), 'og:image:alt': title, 'twitter:card': 'summary_large_image',
  };
  return `<meta name="description" content="${escapeHtml(words.about)}">${Object.entries(told).map(([name, value]) => `<meta property="${name}" content="${escapeHtml(value)}">`).join('')}`;
}

/** For search engines, in the words of schema.org. Never the title of the request: anybody could write one. */
function conversation({ facts, lang }: PageData, rows: LiveRow[], canonical: string): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'Conversation',
    name: facts.title ?? facts.id,
    url: canonical,
    inLanguage: lang,
    hasPart: rows.map(({ n, nick, text, at }) => ({
      '@type': 'Comment', url: `${canonical}#m${n}`, author: { '@type': 'Person', name: nick }, dateCreated: new Date(at).toISOString(), text,
    })),
  };
}

function transcript(data: PageData, rows: LiveRow[], { canonical, framed }: Address): string {
  const words = WITHOUT_SCRIPT[data.lang];
  const lines = rows.map(({ n, nick, text, at }) => `<li id="m${n}"><strong>${escapeHtml(nick)}</strong> <time datetime="${new Date(at).toISOString()}">${day(at, data.lang)}</time><p>${escapeHtml(text)}</p></li>`);
  return `<link rel="stylesheet" href="/plain.css"><article class="plain"><h1>${escapeHtml(titleOf(data))}</h1><p class="hint">${words.open}</p>`
    + (lines.length > 0 ? `<ol>${lines.join('')}</ol>` : `<p>${data.snapshot === null ? words.away : words.empty}</p>`)
    + `${framed ? `<p><a href="${escapeHtml(canonical)}" target="_blank" rel="noopener">${words.own}</a></p>` : ''}</article>`;
}

export function titleOf({ title, facts, lang }: PageData): string {
  return title ?? facts.title ?? WITHOUT_SCRIPT[lang].room;
}

/** The day where nobody can ask the reader's clock. */
function day(at: number, lang: PageData['lang']): string {
  return new Intl.DateTimeFormat(lang === 'ko' ? 'ko-KR' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(at);
}

/** No text can end the element it stands in. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c').replace(/\u2028/g, '\\u2028').replace(/\u2029/g, '\\u2029');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
