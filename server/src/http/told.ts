import type { Due, Message, News, Webhook } from '../log/webhooks.ts';
import type { Place } from '../protocol/index.ts';
import { roomAddress } from './links.ts';

/** Where a moderator decides with one tap. */
export type Taps = { approve: string; refuse: string };
type Telling = { id: number; at: number; place: Place; title: string | null; news: News | { event: 'test' }; home: string; taps: Taps | null };
type Told = { text: string; links: { name: string; url: string }[] };

/** What Discord and Slack take; Telegram takes 4,096. */
const TEXT_MAX_CHARS = 1_900;
const QUOTE_MAX_CHARS = 300;

/** The body that a receiver of this kind takes. */
export function tell({ kind, url, lang }: Pick<Webhook, 'kind' | 'url' | 'lang'>, telling: Telling): string {
  if (kind === 'json') return JSON.stringify(asJson(telling));
  const { text, links } = asText(telling, lang);
  switch (kind) {
    case 'slack': return JSON.stringify({ text: `${escapeSlack(text)}\n${links.map((one) => `<${one.url}|${escapeSlack(one.name)}>`).join(' · ')}`, unfurl_links: false });
    case 'discord': return JSON.stringify({ content: `${escapeDiscord(text)}\n${links.map((one) => `[${one.name}](<${one.url}>)`).join(' · ')}`, allowed_mentions: { parse: [] } });
    case 'telegram': return JSON.stringify({ chat_id: new URL(url).searchParams.get('chat_id'), text, link_preview_options: { is_disabled: true }, reply_markup: { inline_keyboard: [links.map((one) => ({ text: one.name, url: one.url }))] } });
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

function asText({ place, title, news, home, taps }: Telling, lang: 'ko' | 'en'): Told {
  const say = words[lang];
  const room = { name: say.open, url: pageOf(place, home) };
  const about = title ?? place.post;
  const whole = (lines: string[], links = [room]): Told => ({ text: clip(lines.join('\n'), TEXT_MAX_CHARS), links });
  switch (news.event) {
    case 'test': return whole([say.test]);
    case 'message': return whole([say.first(about), line(news.message)]);
    case 'digest': return whole([say.digest(about, news.count), ...news.messages.map(line), ...(news.count > news.messages.length ? ['…'] : [])]);
    case 'report': return whole([say.report(about, news.count, Object.entries(news.reasons).map(([reason, count]) => `${say.reasons[reason] ?? reason} ${count}`).join(', ')), line(news.message)]);
    case 'held': return whole([say.held(about), line(news.held)], taps ? [{ name: say.approve, url: taps.approve }, { name: say.refuse, url: taps.refuse }, room] : [room]);
    case 'ban': return whole([say.ban(about, news.ban), ...(news.ban.reason ? [clip(news.ban.reason, QUOTE_MAX_CHARS)] : [])]);
    case 'stream': return whole([news.stream ? say.stream(about, news.stream.title ?? '') : say.streamGone(about)]);
  }
}

/** Nothing happened in a room when it is only tried. */
function pageOf(place: Place, home: string): string {
  return place.post === '' ? home : roomAddress(place, home);
}

function line({ nick, text }: Pick<Message, 'nick' | 'text'>): string {
  return `${nick}: ${clip(text.replace(/\s+/g, ' '), QUOTE_MAX_CHARS)}`;
}

function clip(text: string, chars: number): string {
  const letters = [...text];
  return letters.length > chars ? `${letters.slice(0, chars).join('')}…` : text;
}

function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function escapeDiscord(text: string): string {
  return text.replace(/[\\*_~`|>#[\]()<-]/g, '\\$&');
}

type Ban = Extract<Due['news'], { event: 'ban' }>['ban'];
const words = {
  ko: {
    open: '대화 열기', approve: '승인', refuse: '거절', test: 'Aside가 여기로 알려 드려요.',
    first: (about: string) => `‘${about}’에 첫 메시지가 왔어요.`, digest: (about: string, n: number) => `‘${about}’에 메시지 ${n}개가 왔어요.`,
    report: (about: string, n: number, reasons: string) => `‘${about}’의 메시지가 신고됐어요 (${n}번: ${reasons}).`, reasons: { spam: '스팸', abuse: '욕설·괴롭힘', private: '개인 정보', other: '그 밖' } as Record<string, string>,
    held: (about: string) => `‘${about}’에서 승인을 기다려요.`,
    ban: (about: string, { nick, mute, by, everywhere }: Ban) => `‘${about}’에서 ${by ?? '방패'}님이 ${nick ?? '누군가'}님을 ${mute ? '멈췄어요' : '차단했어요'}${everywhere ? ' (블로그 전체)' : ''}.`,
    stream: (about: string, title: string) => `‘${about}’에 방송${title && ` “${title}”`}이 붙었어요.`, streamGone: (about: string) => `‘${about}’의 방송을 뗐어요.`,
  },
  en: {
    open: 'Open the chat', approve: 'Approve', refuse: 'Refuse', test: 'Aside tells you here.',
    first: (about: string) => `The first message on “${about}”.`, digest: (about: string, n: number) => `${n} new ${n === 1 ? 'message' : 'messages'} on “${about}”.`,
    report: (about: string, n: number, reasons: string) => `A message on “${about}” was reported (${n}: ${reasons}).`, reasons: {} as Record<string, string>,
    held: (about: string) => `Words on “${about}” wait for approval.`,
    ban: (about: string, { nick, mute, by, everywhere }: Ban) => `${by ?? 'The shield'} ${mute ? 'paused' : 'banned'} ${nick ?? 'somebody'} on “${about}”${everywhere ? ' (the whole blog)' : ''}.`,
    stream: (about: string, title: string) => `A stream${title && ` “${title}”`} was attached to “${about}”.`, streamGone: (about: string) => `The stream of “${about}” was detached.`,
  },
};
