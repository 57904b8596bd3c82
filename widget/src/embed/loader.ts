import type { ToHost } from './bridge.ts';
import { nameOf } from './name.ts';

/**
 * What a blog's page runs: `<aside-chat>`, and this script's own tag as a shorter way to write one. It frames the room
 * when that is nearly in sight, keeps its place until then, and tells it which theme the page has. It is built by itself
 * into one classic script of at most 1.5 kB.
 */
const { currentScript: script, documentElement: root } = document as Document & { currentScript: HTMLScriptElement };
const home = new URL(script.src).origin;
/** How themes of blogs say it in a class or an attribute of the page: `dark`, `theme-dark`, `is-dark`, `dark-mode`. */
const SHADE = /(?:^| |theme-)(light|dark)(?:-mode|-theme| |$)/;

class AsideChat extends HTMLElement {
  declare end: () => void;
  declare unread: number | undefined;

  connectedCallback(): void {
    attach(this);
  }

  disconnectedCallback(): void {
    this.end();
  }

  destroy(): void {
    this.remove();
  }
}

/** Gives the element its room. */
const attach = (chat: AsideChat): void => {
  const word = (name: string): string => chat.getAttribute(name) ?? '';
  const frame = document.createElement('iframe');
  let [place, told, high, asked] = ['', '', 0, 0];
  let room: Window | null = null;

  const look = (): void => {
    cancelAnimationFrame(asked);
    asked = 0;
    const config = { postId: word('post-id') || roomOf(word('mapping')), site: word('site'), theme: shadeOf(word('theme')), lang: word('lang'), title: word('title') };
    const now = config.postId + config.site;
    if (frame.src && place !== now) {
      // The page has become another one without being loaded.
      chat.end();
      return attach(chat);
    }
    place = now;
    // `height="320-640"`: as high as what is said, within these bounds.
    const [least = 0, most = least] = (word('height') || '480').split('-').map(parseFloat);
    const height = `${Math.min(Math.max(high, least), most)}px`;
    // Watched itself, the element must not be written without need.
    if (chat.style.height !== height) chat.style.height = height;
    const address = `${home}/embed?${new URLSearchParams(config)}`;
    if (told !== address) room?.postMessage({ aside: { v: 1, type: 'setConfig', ...config } }, home);
    told = address;
  };

  const hear = ({ source, origin, data }: MessageEvent): void => {
    const message: { v: number; type: ToHost['type']; height?: unknown; count?: unknown } | undefined = data?.aside;
    if (source !== frame.contentWindow || origin !== home || message?.v !== 1) return;
    const { type, height, count } = message;
    if (type === 'ready') {
      // Said once in any case: a page that hides who it is is answered from then on.
      told = '';
      room = frame.contentWindow;
    }
    if (type === 'resize' && Number.isInteger(height)) high = height as number;
    if (type === 'unread' && Number.isInteger(count)) tell(chat, count as number);
    look();
    chat.dispatchEvent(new CustomEvent('aside', { detail: message }));
  };

  const page = new MutationObserver(() => { asked ||= requestAnimationFrame(look); });
  const near = new IntersectionObserver((seen) => {
    if (frame.src || !seen.pop()?.isIntersecting) return;
    frame.src = told;
    // A page that was kept as markup brings an old frame along.
    chat.replaceChildren(frame);
  }, { rootMargin: '100%' });

  chat.end = () => {
    cancelAnimationFrame(asked);
    removeEventListener('message', hear);
    page.disconnect();
    near.disconnect();
    frame.remove();
    tell(chat, 0);
  };
  chat.style.display = 'block';
  frame.title = '채팅 · Chat';
  frame.allow = 'autoplay; clipboard-write; fullscreen';
  frame.referrerPolicy = 'strict-origin';
  frame.style.cssText = 'width:100%;height:100%;border:0';
  look();
  for (const part of [root, document.body, chat]) page.observe(part, { attributes: true });
  page.observe(document, { childList: true, subtree: true });
  near.observe(chat);
  addEventListener('message', hear);
};

/** What stands before the page's own title, in rooms that were asked to tell what is unread there. */
let mark = '';
const plainTitle = (): string => document.title.replace(mark, '');
const tell = (chat: AsideChat, unread: number): void => {
  chat.unread = unread;
  let sum = 0;
  for (const { unread = 0 } of document.querySelectorAll<AsideChat>('aside-chat[badge]')) sum += unread;
  const title = plainTitle();
  mark = sum ? `(${sum}) ` : '';
  if (document.title !== mark + title) document.title = mark + title;
};

const roomOf = (mapping: string): string =>
  mapping === 'title' ? plainTitle() : nameOf((mapping === 'canonical' && document.querySelector<HTMLLinkElement>('[rel=canonical]')?.href) || location.href);

/** The author's word, or what the page says of itself; without either, the widget asks the system. */
const shadeOf = (said: string): string => {
  if (said && said !== 'auto') return said;
  // A style is asked for what comes of it: `light dark` follows the system.
  const words = [...root.attributes, ...document.body.attributes].map(({ name, value }) => name !== 'style' && value);
  return [...words, getComputedStyle(root).colorScheme.replace(/.* .*/, '')].join(' ').match(SHADE)?.[1] ?? 'auto';
};

if (!customElements.get('aside-chat')) customElements.define('aside-chat', AsideChat);
if (script.dataset.postId ?? script.dataset.mapping) {
  const chat = document.createElement('aside-chat');
  for (const { name, value } of script.attributes) chat.setAttribute(name.replace('data-', ''), value);
  script.replaceWith(chat);
}

/** For pages that list posts; without it what the author wrote there stays. A script of another origin has no address that its imports could start from. */
const counts = `${home}/counts.js`;
const fill = (): unknown => document.querySelector('[data-aside-count]') && import(/* @vite-ignore */ counts).catch(Boolean);
fill();
addEventListener('DOMContentLoaded', fill);
