import { type PageData, PRESETS_SHEET } from '@aside/server/protocol';
import { render } from 'preact';
import { type FromHost, isPreset, openBridge } from './embed/bridge.ts';
import { followPage } from './net/lifecycle.ts';
import { openBookmark } from './state/bookmark.ts';
import { openCells } from './state/cells.ts';
import { HIDDEN_KEY, openReader } from './state/reader.ts';
import { openShelf } from './state/shelf.ts';
import { openView } from './state/view.ts';
import { App } from './ui/App.tsx';
import animals from './ui/animals.css?inline';
import { dress, fetchSheet } from './ui/dress.ts';
import { listUnread } from './ui/items.ts';
import { afterPaint } from './ui/paint.ts';
import { fetchPart } from './ui/part.ts';
import { setScene } from './ui/scene.ts';
import theme from './ui/theme.css?inline';
import { loadWords, takeWords } from './ui/words/words.ts';

// What watches for more of them comes with the first.
for (const name of ['error', 'unhandledrejection']) addEventListener(name, (event) => void fetchPart(() => import('./state/errors.ts')).then(({ watchErrors }) => watchErrors(event)), { once: true });
dress(theme);
let begun = false;
const page: PageData = JSON.parse(document.getElementById('aside-page')?.textContent ?? '');
const cell = openCells(draw);
const shelf = openShelf();
const reader = openReader(cell, shelf, page.site);
const bookmark = openBookmark(shelf, openShelf(() => sessionStorage), page.site, page.room);
const view = openView(page, cell, bookmark.readSeen());
let come = () => {};
const near = new Promise<void>((resolve) => { come = resolve; });
const live = near.then(() => fetchPart(() => import('./state/live.ts'))).then(({ goLive }) => goLive(page, view, reader, shelf));
const scene = setScene(cell, page, { view, reader, shelf, bookmark, near, live });
const bridge = openBridge(window, hearHost);
const root = document.getElementById('app') ?? document.body;
/** No frame grows higher; a full room need not tell of every line. */
const HEIGHT_MAX_PX = 4_000;
const HANDS = ['pointerover', 'touchstart', 'focusin', 'click'];
let told = { unread: -1, closed: 0 };

for (const name of ['online', 'offline']) addEventListener(name, () => { scene.online.value = navigator.onLine; });
// What its reader does not want to see is not drawn first.
const hidden = shelf.read(HIDDEN_KEY) && fetchPart(() => import('./state/hidden.ts')).then(({ hide }) => hide(reader, shelf));
// Without a word there is nothing to draw.
if (takeWords(page.lang) && !hidden) begin();
else void Promise.all([fetchPart(() => loadWords(page.lang)), hidden]).then(begin);

function begin(): void {
  begun = true;
  bridge.post({ type: 'ready' });
  draw();
  awaitHands();
  tellHeight();
  afterPaint(() => dress(animals));
  followConnection();
}

/** Whether there is somebody to be connected for is told from the start; the first who is has the rest fetched. */
function followConnection(): void {
  let wanted = false;
  followPage((happening) => {
    if (happening.t !== 'hint') wanted = happening.t === 'resume';
    if (wanted) afterPaint(come);
    scene.store?.happen(happening);
  });
  void live.then((store) => {
    scene.store = store;
    scene.draft.value = store.drafts.readDraft();
    if (wanted) store.happen({ t: 'resume' });
  });
}

/** What hands can do to a message is fetched when they come near; what they did meanwhile is done once more. */
function awaitHands(): void {
  const moves: Event[] = [];
  const here = new AbortController();
  const note = (move: Event) => {
    // Whatever else is pressed has done its work already: twice, a link would open two windows.
    if (move.type === 'click' && !(move.target as Element).closest('[data-emoji]')) return;
    if (moves.push(move) > 1) return;
    Promise.all([import('./ui/hands.tsx'), live]).then(([{ listenToHands }]) => {
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
  const link = view.link.value;
  const unread = listUnread(scene.messages(), view.seen.value);
  const now = { unread: unread.length, closed: link.at === 'closed' ? link.code : 0 };
  if (now.unread !== told.unread) bridge.post({ type: 'unread', count: now.unread, mentions: unread.filter(({ calls }) => calls).length });
  if (now.closed > 0 && now.closed !== told.closed) bridge.post({ type: 'error', code: String(now.closed) });
  told = now;
}

/** What the conversation would take if nothing had to scroll, for hosts that let it grow. */
function tellHeight(): void {
  const [parts, gaps] = ['header, .lines, footer', '.gap'].map((name) => [...root.querySelectorAll<HTMLElement>(name)]) as [HTMLElement[], HTMLElement[]];
  const measure = (all: HTMLElement[]) => all.reduce((sum, part) => sum + part.offsetHeight, 0);
  let told = 0;
  const sizes = new ResizeObserver(() => {
    const height = Math.min(measure(parts) - measure(gaps), HEIGHT_MAX_PX);
    if (height !== told) bridge.post({ type: 'resize', height });
    told = height;
  });
  for (const part of parts) sizes.observe(part);
}

function hearHost(message: FromHost): void {
  if (message.type === 'focus') scene.focus.value += 1;
  else {
    const { type: _, ...config } = message;
    // Without a network the words of another language cannot be had: the page stays in the one it has.
    void Promise.all([loadWords(config.lang ?? page.lang), isPreset(config.theme) && fetchSheet(PRESETS_SHEET)]).then(() => { scene.config.value = { ...scene.config.value, ...config }; }, () => null);
  }
}
