import { Component, createRef } from 'preact';
import { readAddress } from './address.ts';
import { Avatar } from './Avatar.tsx';
import { Block } from './Block.tsx';
import { differ } from './differ.ts';
import { flash, holdSights, type Sight, takeSights, topOf, wordsOf } from './eye.ts';
import { blocksOf, findMark, group, listUnread, type Message } from './items.ts';
import { cutPane, END_ROWS, firstRows, movePane, type Pane, paneAround, topAt } from './pane.ts';
import type { Scene } from './scene.ts';
import { afterPaint } from './paint.ts';
import { isAtEnd, isNearBottom, isNearTop } from './stick.ts';
import type { Lang, Words } from './words/words.ts';

/** `quiet`: more is said than can be read out. */
type Props = { scene: Scene; quiet: boolean; messages: readonly Message[]; mark: number | null; lang: Lang; words: Words; toEnd: number; known: boolean; older: boolean; reloads: number };
/** `top` is the place that the pane begins with while the reader reads above; null keeps to the end. `most`: lines at the end. */
type State = { top: number | null; lost: number; most: number };
/** Where the list is to open: a message by its address, or the place in it that was left. */
type Goal = { n: number; y: number | null };

/** Where the oldest lines have left, their height stays for a while: what is below would be painted anew each time it moves. */
const GAP_MAX_PX = 20_000;
/** A reader who is brought to older lines is not read them out. */
const QUIET_MS = 1_000;

/** The conversation. It stays at its end while the reader is there, and holds still while they read above. */
export class MessageList extends Component<Props, State> {
  override state: State = { top: null, lost: 0, most: firstRows(innerHeight) };
  #scroller = createRef<HTMLElement>();
  #gap = createRef<HTMLDivElement>();
  #lines = createRef<HTMLDivElement>();
  #atEnd = true;
  #scrolled = 0;
  #sights: Sight[] = [];
  #left = 0;
  #goal: Goal | null = null;
  #loud: ReturnType<typeof setTimeout> | undefined;
  #sizes = new ResizeObserver(() => {
    this.#look();
    this.#stay();
  });

  override componentDidMount(): void {
    for (const { current } of [this.#scroller, this.#lines]) if (current) this.#sizes.observe(current);
    document.addEventListener('visibilitychange', this.#look);
    addEventListener('hashchange', this.#open);
    addEventListener('pagehide', this.#keep);
    const spot = this.props.scene.bookmark.readSpot(location.hash);
    this.#stay();
    this.#goal = spot === undefined ? readAddress(location.hash) : spot;
    this.#look();
    afterPaint(() => this.setState({ most: END_ROWS }));
  }

  override componentWillUnmount(): void {
    this.#sizes.disconnect();
    clearTimeout(this.#loud);
    document.removeEventListener('visibilitychange', this.#look);
    removeEventListener('hashchange', this.#open);
    removeEventListener('pagehide', this.#keep);
  }

  override shouldComponentUpdate(next: Props, state: State): boolean {
    return differ(state, this.state) || differ(next, this.props);
  }

  /** What the reader sees is taken just before the lines change. */
  override getSnapshotBeforeUpdate(before: Props, { top, most }: State): number {
    const scroller = this.#scroller.current;
    if (scroller) this.#read(scroller);
    const had = cutPane(before.messages, top, most);
    const { from } = this.#pane();
    const [first, now] = [topAt(before.messages, had.from), topAt(this.props.messages, from)];
    if (!this.#appends(before, had.to, first <= now)) this.#hush();
    const stays = this.#atEnd && now > first && this.#lines.current?.querySelector(`[data-n="${this.props.messages[from]?.n}"]`)?.closest<HTMLElement>('.block');
    const leaves = this.#lines.current?.querySelector<HTMLElement>('.block');
    return stays && leaves ? stays.offsetTop - leaves.offsetTop : 0;
  }

  override componentDidUpdate(before: Props, _: unknown, left: number): void {
    this.#leave(left);
    if (this.props.toEnd !== before.toEnd) return this.#goToEnd();
    this.#stay();
    this.#look();
  }

  /** As high as it was: measured before they leave, or all would be laid out twice. */
  #leave(height: number): void {
    const gap = this.#gap.current;
    this.#left = this.#atEnd && this.#left + height < GAP_MAX_PX ? this.#left + height : 0;
    if (gap) gap.style.height = `${this.#left}px`;
  }

  #pane(): Pane {
    return cutPane(this.props.messages, this.state.top, this.state.most);
  }

  /** New lines at the end are all that a screen reader is to read out by itself. */
  #appends({ messages, known, reloads }: Props, to: number, below: boolean): boolean {
    return known && reloads === this.props.reloads && to === messages.length && (below || to === 0);
  }

  #hush(): void {
    const scroller = this.#scroller.current;
    clearTimeout(this.#loud);
    scroller?.setAttribute('aria-live', 'off');
    this.#loud = setTimeout(() => scroller?.setAttribute('aria-live', this.props.quiet ? 'off' : 'polite'), QUIET_MS);
  }

  /** A scroll is told a frame late: what is drawn meanwhile must not pull the reader back. */
  #read(scroller: HTMLElement): void {
    if (scroller.scrollTop === this.#scrolled || scroller.clientHeight === 0) return;
    this.#stand(scroller);
    if (!this.#atEnd) this.#goal = null;
  }

  /** Where the list is now is where the reader wants it. */
  #stand(scroller: HTMLElement): void {
    this.#scrolled = scroller.scrollTop;
    this.#atEnd = !this.props.scene.still && isAtEnd(scroller) && this.#pane().to === this.props.messages.length;
    this.#sights = this.#atEnd ? [] : takeSights(scroller);
  }

  /** A browser that shortens the list moves it too: where the reader was is asked before, not here. */
  #stay(): void {
    const scroller = this.#scroller.current;
    if (!scroller) return;
    if (this.#atEnd) scroller.scrollTop = scroller.scrollHeight;
    else holdSights(scroller, this.#sights, this.#scrolled);
    this.#scrolled = scroller.scrollTop;
  }

  #goToEnd = (): void => {
    this.#atEnd = true;
    this.#goal = null;
    this.setState({ top: null });
    this.#stay();
    this.#look();
  };

  #look = (): void => {
    const scroller = this.#scroller.current;
    const { scene: { view, store }, messages } = this.props;
    // A frame that is not shown, or is on its way out, has no places to tell.
    if (!scroller?.clientHeight) return view.miss();
    this.#read(scroller);
    if (this.#seek(scroller)) return;
    const [atEnd, pane, nearTop] = [this.#atEnd, this.#pane(), isNearTop(scroller)];
    const top = atEnd ? null : movePane(messages, pane, nearTop, isNearBottom(scroller));
    if (top !== this.state.top) this.setState({ top });
    if (atEnd && !document.hidden) {
      view.see();
      store?.trim();
    } else if (document.hidden || !this.#seesMark(scroller)) view.miss();
    if (document.hidden) this.#keep();
    if (nearTop && pane.from === 0) store?.loadOlder();
  };

  /** The line between old and new is not taken from under the reader's eyes. */
  #seesMark(scroller: HTMLElement): boolean {
    const mark = scroller.querySelector('.mark')?.getBoundingClientRect();
    const view = scroller.getBoundingClientRect();
    return mark !== undefined && mark.bottom > view.top && mark.top < view.bottom;
  }

  #open = (): void => {
    this.#goal = readAddress(location.hash);
    this.#look();
  };

  /** True while the list is on its way to a message: pages are fetched until it is held, and then it is drawn. */
  #seek(scroller: HTMLElement): boolean {
    const goal = this.#goal;
    if (!goal) return false;
    const { messages, scene: { view, store } } = this.props;
    const index = messages.findIndex(({ n }) => n !== null && n >= goal.n);
    const n = messages[index]?.n;
    if (view.mayLoad(goal.n)) {
      store?.loadOlder();
      return true;
    }
    const line = scroller.querySelector(`[data-n="${n}"]`);
    if (n === undefined || (goal.y === null && n !== goal.n)) {
      this.#goal = null;
      this.setState({ lost: this.state.lost + 1 });
    } else if (line) this.#show(scroller, line, goal.y);
    else {
      this.#atEnd = false;
      this.setState({ top: paneAround(messages, index) });
    }
    return this.#goal !== null;
  }

  #show(scroller: HTMLElement, line: Element, y: number | null): void {
    this.#goal = null;
    scroller.scrollTop += topOf(wordsOf(line)) - topOf(scroller) - (y ?? scroller.clientHeight / 3);
    this.#stand(scroller);
    if (y === null) flash(line);
  }

  /** By what is remembered: a page on its way out has no layout any more. */
  #keep = (): void => {
    const { bookmark, view } = this.props.scene;
    bookmark.keepSeen(view.seen.value);
    if (this.#goal) return;
    const kept = this.#sights.map(({ element, y }) => ({ n: Number(element.closest<HTMLElement>('[data-n]')?.dataset.n), y: y - this.#scrolled }));
    bookmark.keepSpot(location.hash, kept.find(({ n }) => n > 0) ?? null);
  };

  override render({ scene, quiet, messages, mark, lang, words, known, older, reloads }: Props, { top, lost, most }: State) {
    const { from, to } = cutPane(messages, top, most);
    // Told only here: what a reader at the end has just seen must not have the list drawn once more.
    const unread = top === null ? 0 : listUnread(messages, scene.view.seen.value).length;
    const items = group(messages.slice(from, to), findMark(messages, mark, scene.view.room.value.low), messages[from - 1]);
    return (
      <main>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section class="log" ref={this.#scroller} onScroll={this.#look} role="log" aria-label={words.log} aria-live={quiet ? 'off' : 'polite'} aria-relevant="additions" aria-busy={older} tabIndex={0}>
          {items.length === 0 && <Empty words={words} known={known} />}
          {older && <p class="toast" aria-live="off">{words.opening}</p>}
          {reloads > 0 && <p class="toast brief" key={reloads}>{words.reloaded}</p>}
          {lost > 0 && <p class="toast brief" key={`lost ${lost}`}>{words.lost}</p>}
          <div class="lines" ref={this.#lines}>
            <div class="gap" ref={this.#gap} />
            {blocksOf(items).map(({ key, items }) => <Block key={key} items={items} scene={scene} lang={lang} />)}
          </div>
        </section>
        {top !== null && !scene.still && (
          <button type="button" class="latest" onClick={this.#goToEnd}>
            {words.latest} <span aria-hidden="true">↓</span>{unread > 0 && <b>{unread}</b>}
          </button>
        )}
      </main>
    );
  }
}

function Empty({ words, known }: { words: Words; known: boolean }) {
  if (!known) return <p class="empty slow">{words.opening}</p>;
  return (
    <div class="empty">
      <Avatar name="raccoon" seed="1" /><Avatar name="owl" seed="2" />
      <h2>{words.emptyTitle}</h2>
      <p>{words.emptyHint}</p>
    </div>
  );
}
