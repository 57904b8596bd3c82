import type { PageData } from '@aside/server/protocol';
import { render } from 'preact';
import { type FromHost, openBridge } from './embed/bridge.ts';
import { connect } from './net/connect.ts';
import { fetchPage } from './net/history.ts';
import { followPage } from './net/lifecycle.ts';
import { openBookmark } from './state/bookmark.ts';
import { openCells } from './state/cells.ts';
import { openDrafts } from './state/drafts.ts';
import { openKeeper } from './state/me.ts';
import { openShelf } from './state/shelf.ts';
import { openSpeaker } from './state/speaker.ts';
import { openStore } from './state/store.ts';
import { App } from './ui/App.tsx';
import { countUnread } from './ui/items.ts';
import { setScene } from './ui/scene.ts';
import { loadWords, takeWords } from './ui/words/words.ts';

let begun = false;
const page: PageData = JSON.parse(document.getElementById('aside-page')?.textContent ?? '');
const cell = openCells(draw);
const shelf = openShelf();
const speaker = openSpeaker(cell, openKeeper(shelf), shelf, page.site);
const bookmark = openBookmark(shelf, openShelf(() => sessionStorage), page.site, page.room);
const drafts = openDrafts(shelf, page.site, page.room);
const store = openStore(page, {
  cell,
  speaker,
  drafts,
  dial: (wire) => connect({ url: new URL('/ws', location.href).href.replace(/^http/, 'ws'), ...wire }),
  fetchPage: (before) => fetchPage(page.room, page.site, before),
  seenBefore: bookmark.readSeen(),
});
const scene = setScene(cell, page, store, speaker, drafts, bookmark);
const bridge = openBridge(window, hearHost);
const root = document.getElementById('app') ?? document.body;
const AGAIN_MS = 3_000;
const HANDS = ['pointerover', 'touchstart', 'focusin', 'click'];
let told = { unread: -1, closed: 0 };

for (const name of ['online', 'offline']) addEventListener(name, () => { scene.online.value = navigator.onLine; });
if (takeWords(page.lang)) begin();
else open();

/** Without a word there is nothing to draw: a network that fails is asked again. */
function open(): void {
  loadWords(page.lang).then(begin, () => setTimeout(open, AGAIN_MS));
}

function begin(): void {
  begun = true;
  bridge.post({ type: 'ready' });
  draw();
  awaitHands();
  tellHeight();
  store.start();
  followPage(store.happen);
}

/** What hands can do to a message is fetched when they come near; what they did meanwhile is done once more. */
function awaitHands(): void {
  const moves: Event[] = [];
  const here = new AbortController();
  const note = (move: Event) => {
    // Whatever else is pressed has done its work already: twice, a link would open two windows.
    if (move.type === 'click' && !(move.target as Element).closest('[data-emoji]')) return;
    if (moves.push(move) > 1) return;
    import('./ui/hands.tsx').then(({ listenToHands }) => {
      here.abort();
      listenToHands(document.body, scene);
      for (const one of moves) one.target?.dispatchEvent(Reflect.construct(one.constructor, [one.type, one]));
    }, () => { moves.length = 0; });
  };
  for (const name of HANDS) addEventListener(name, note, { capture: true, signal: here.signal });
}

/** What changes before there are words is drawn with them. */
function draw(): void {
  if (!begun) return;
  const { theme, lang } = scene.config.value;
  const html = document.documentElement;
  html.dataset.theme = theme;
  // Said again, the same language is a new one to the browser: every element would be styled anew, in every frame.
  if (html.lang !== lang) html.lang = lang;
  if (document.title !== scene.title()) document.title = scene.title();
  render(<App scene={scene} />, root);
  tellHost();
}

function tellHost(): void {
  const link = store.link.value;
  const now = { unread: countUnread(scene.messages(), store.seen.value), closed: link.at === 'closed' ? link.code : 0 };
  if (now.unread !== told.unread) bridge.post({ type: 'unread', count: now.unread });
  if (now.closed > 0 && now.closed !== told.closed) bridge.post({ type: 'error', code: String(now.closed) });
  told = now;
}

/** What the conversation would take if nothing had to scroll, for hosts that let it grow. */
function tellHeight(): void {
  const [parts, gaps] = ['header, .lines, footer', '.gap'].map((name) => [...root.querySelectorAll<HTMLElement>(name)]) as [HTMLElement[], HTMLElement[]];
  const measure = (all: HTMLElement[]) => all.reduce((sum, part) => sum + part.offsetHeight, 0);
  const sizes = new ResizeObserver(() => bridge.post({ type: 'resize', height: measure(parts) - measure(gaps) }));
  for (const part of parts) sizes.observe(part);
}

function hearHost(message: FromHost): void {
  if (message.type === 'focus') scene.focus.value += 1;
  else {
    const { type: _, ...config } = message;
    // Without a network the words of another language cannot be had: the page stays in the one it has.
    void loadWords(config.lang ?? page.lang).then(() => { scene.config.value = { ...scene.config.value, ...config }; }, () => null);
  }
}
