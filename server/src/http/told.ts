import type { News, Webhook } from '../log/webhooks.ts';
import type { Place } from '../protocol/index.ts';
import { roomAddress } from './links.ts';

/** Where a moderator decides with one tap. */
export type Taps = { approve: string; refuse: string };
type Telling = { id: number; at: number; place: Place; title: string | null; news: News | { event: 'test' }; home: string; taps: Taps | null };
/** `whole`: offered only to who sees all of the words. */
type Link = { name: string; url: string; whole?: true };
type Said = { head: string; quotes: { nick: string; text: string }[]; links: Link[] };
/** How a chat writes, and how much it takes: letters that are escaped count as what they become. */
type Shape = { max: number; escape(text: string): string; link(link: Link): string };

const shapes: Record<'slack' | 'discord' | 'telegram', Shape> = {
  slack: { max: 12_000, escape: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'), link: ({ name, url }) => `<${url}|${name}>` },
  discord: { max: 2_000, escape: (text) => text.replace(/[\\*_~`|>#[\]()<-]/g, '\\$&'), link: ({ name, url }) => `[${name}](<${url}>)` },
  telegram: { max: 4_000, escape: (text) => text, link: ({ name, url }) => `${name}: ${url}` },
};
/** Where several messages are told together. */
const QUOTE_MAX_CHARS = 300;
/** Discord's: what is linked is not unfolded. */
const SUPPRESS_EMBEDS = 4;

/** The body that a receiver of this kind takes. */
export function tell({ kind, url, lang }: Pick<Webhook, 'kind' | 'url' | 'lang'>, telling: Telling): string {
  if (kind === 'json') return JSON.stringify(asJson(telling));
  const said = say(telling, lang);
  switch (kind) {
    case 'slack': return JSON.stringify({ text: compose(said, shapes.slack).text, unfurl_links: false, unfurl_media: false });
    case 'discord': return JSON.stringify({ content: compose(said, shapes.discord).text, flags: SUPPRESS_EMBEDS, allowed_mentions: { parse: [] } });
    case 'telegram': {
      // Its buttons lead to names with a dot only.
      const apart = said.links.every((one) => /^https?:\/\/[^/:]+\.[a-z]{2,}([:/]|$)/i.test(one.url));
      const { text, links } = compose(said, shapes.telegram, apart);
      const buttons = links.map((one) => ({ text: one.name, url: one.url }));
      return JSON.stringify({ chat_id: new URL(url).searchParams.get('chat_id'), text, link_preview_options: { is_disabled: true }, ...(apart && { reply_markup: { inline_keyboard: [buttons] } }) });
    }
  }
}

/** Where it is brought: who a chat is for stands in Telegram's body. */
export function addressOf({ kind, url }: Pick<Webhook, 'kind' | 'url'>): string {
  if (kind !== 'telegram') return url;
  const to = new URL(url);
  to.searchParams.delete('chat_id');
  return to.href;
}

function asJson({ id, at, place, title, news, home, taps }: Telling): object {
  const { event, ...more } = news;
  return { id, event, at, site: place.site, room: place.post, title, url: pageOf(place, home), ...more, ...taps };
}

/** Danger: whoever approves must have seen all of it. Where it does not fit, the link to approve is left out. */
function compose({ head, quotes, links }: Said, shape: Shape, apart = false): { text: string; links: Link[] } {
  const short = links.filter((one) => shape.link(one).length <= shape.max / 3);
  const below = (some: readonly Link[]): string => (apart ? '' : some.map(shape.link).join(' · '));
  const title = shape.escape(head);
  const room = shape.max - title.length - below(short).length - 16;
  const each = Math.min(quotes.length > 1 ? QUOTE_MAX_CHARS : room, Math.floor(room / Math.max(1, quotes.length)));
  const lines = quotes.map(({ nick, text }) => fit(`${nick}: ${quotes.length > 1 ? text.replace(/\s+/g, ' ') : text}`, each, shape));
  const kept = short.filter(({ whole }) => !whole || lines.every((line) => line.whole));
  return { text: [title, ...lines.map((line) => line.text), below(kept)].filter(Boolean).join('\n'), links: kept };
}

function fit(text: string, chars: number, shape: Shape): { text: string; whole: boolean } {
  const all = shape.escape(text);
  if (all.length < chars) return { text: all, whole: true };
  const letters = [...text];
  let [fits, tooLong] = [0, letters.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (shape.escape(letters.slice(0, middle).join('')).length < chars - 1) fits = middle;
    else tooLong = middle;
  }
  return { text: `${shape.escape(letters.slice(0, fits).join(''))}…`, whole: false };
}

function say({ place, title, news, home, taps }: Telling, lang: 'ko' | 'en'): Said {
  const words = language[lang];
  const links = [{ name: words.open, url: pageOf(place, home) }];
  const about = title ?? place.post;
  const said = (head: string, quotes: Said['quotes'] = []): Said => ({ head, quotes, links });
  switch (news.event) {
    case 'test': return said(words.test);
    case 'message': return said(words.first(about), [news.message]);
    case 'digest': return said(words.digest(about, news.count), news.messages);
    case 'report': return said(words.report(about, news.count, Object.entries(news.reasons).map(([reason, count]) => `${words.reasons[reason] ?? reason} ${count}`).join(', ')), [news.message]);
    case 'held': return { head: words.held(about), quotes: [news.held], links: [...(taps ? [{ name: words.approve, url: taps.approve, whole: true as const }, { name: words.refuse, url: taps.refuse }] : []), ...links] };
    case 'ban': return said([words.ban(about, news.ban), news.ban.reason ?? ''].filter(Boolean).join('\n'));
    case 'stream': return said(news.stream ? words.stream(about, news.stream.title ?? '') : words.streamGone(about));
  }
}

/** Nothing happened in a room when it is only tried. */
function pageOf(place: Place, home: string): string {
  return place.post === '' ? home : roomAddress(place, home);
}

type Ban = Extract<News, { event: 'ban' }>['ban'];
const language = {
  ko: {
    open: '대화 열기', approve: '승인', refuse: '거절', test: 'Aside가 여기로 알려 드려요.',
    first: (about: string) => `‘${about}’에 첫 메시지가 왔어요.`, digest: (about: string, n: number) => `‘${about}’에 메시지 ${n}개가 왔어요.`,
    report: (about: string, n: number, reasons: string) => `‘${about}’의 메시지가 신고됐어요 (${n}번: ${reasons}).`, reasons: { spam: '스팸', abuse: '욕설·괴롭힘', private: '개인 정보', other: '그 밖' } as Record<string, string>,
    held: (about: string) => `‘${about}’에 승인을 기다리는 글이 있어요.`,
    ban: (about: string, { nick, mute, by, everywhere }: Ban) => `‘${about}’에서 ${nick ?? '누군가'}님이 ${mute ? '잠시 글을 쓸 수 없게 됐어요' : '차단됐어요'}${everywhere ? ' (블로그 전체)' : ''}.${by ? ` 처리한 사람: ${by}` : ''}`,
    stream: (about: string, title: string) => `‘${about}’에 방송${title && ` “${title}”`}이 붙었어요.`, streamGone: (about: string) => `‘${about}’의 방송을 뗐어요.`,
  },
  en: {
    open: 'Open the chat', approve: 'Approve', refuse: 'Refuse', test: 'Aside tells you here.',
    first: (about: string) => `The first message on “${about}”.`, digest: (about: string, n: number) => `${n} new ${n === 1 ? 'message' : 'messages'} on “${about}”.`,
    report: (about: string, n: number, reasons: string) => `A message on “${about}” was reported (${n}: ${reasons}).`, reasons: {} as Record<string, string>,
    held: (about: string) => `Words on “${about}” wait for approval.`,
    ban: (about: string, { nick, mute, by, everywhere }: Ban) => `${nick ?? 'Somebody'} was ${mute ? 'paused' : 'banned'} on “${about}”${everywhere ? ' (the whole blog)' : ''}${by ? ` by ${by}` : ''}.`,
    stream: (about: string, title: string) => `A stream${title && ` “${title}”`} was attached to “${about}”.`, streamGone: (about: string) => `The stream of “${about}” was detached.`,
  },
};
