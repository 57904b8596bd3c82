import { Component, createRef } from 'preact';
import { Avatar } from './Avatar.tsx';
import { MessageLine } from './MessageLine.tsx';
import { differ } from './differ.ts';
import type { Item } from './items.ts';
import type { Scene } from './scene.ts';
import { isAtEnd, isNearTop } from './stick.ts';
import { tellDay } from './time.ts';
import type { Lang, Words } from './words/words.ts';

type Props = { scene: Scene; quiet: boolean; items: readonly Item[]; lang: Lang; words: Words; toEnd: number; unread: number; known: boolean; older: boolean; reloads: number };
type Place = { element: Element; top: number } | null;

/** The conversation. It stays at its end while the reader is there, and holds still while they read above. */
export class MessageList extends Component<Props, { atEnd: boolean }> {
  override state = { atEnd: true };
  #scroller = createRef<HTMLElement>();
  #lines = createRef<HTMLDivElement>();
  #atEnd = true;
  #top = 0;
  #sizes = new ResizeObserver(() => this.#settle());

  override componentDidMount(): void {
    for (const { current } of [this.#scroller, this.#lines]) if (current) this.#sizes.observe(current);
    document.addEventListener('visibilitychange', this.#look);
    this.#goToEnd();
  }

  override componentWillUnmount(): void {
    this.#sizes.disconnect();
    document.removeEventListener('visibilitychange', this.#look);
  }

  override shouldComponentUpdate(next: Props, { atEnd }: { atEnd: boolean }): boolean {
    return atEnd !== this.state.atEnd || differ(next, this.props);
  }

  /** Where the reader's eye rests, taken just before the lines change. */
  override getSnapshotBeforeUpdate(): Place {
    const scroller = this.#scroller.current;
    if (!scroller || this.#read(scroller)) return null;
    const edge = scroller.getBoundingClientRect().top;
    const element = [...scroller.querySelectorAll('.line')].find((line) => line.getBoundingClientRect().bottom > edge);
    return element ? { element, top: element.getBoundingClientRect().top } : null;
  }

  override componentDidUpdate(before: Props, _: unknown, place: Place): void {
    const scroller = this.#scroller.current;
    if (this.props.toEnd !== before.toEnd) this.#goToEnd();
    else if (scroller && place?.element.isConnected) scroller.scrollTop += place.element.getBoundingClientRect().top - place.top;
    this.#settle();
  }

  /** A scroll is told a frame late: what is drawn meanwhile must not pull the reader back to the end. */
  #read(scroller: HTMLElement): boolean {
    if (scroller.scrollTop !== this.#top) this.#atEnd = isAtEnd(scroller);
    this.#top = scroller.scrollTop;
    return this.#atEnd;
  }

  #settle(): void {
    const scroller = this.#scroller.current;
    if (scroller && this.#read(scroller)) this.#goToEnd();
    else this.#look();
  }

  #goToEnd(): void {
    const scroller = this.#scroller.current;
    if (scroller) scroller.scrollTop = scroller.scrollHeight;
    this.#look();
  }

  #look = (): void => {
    const scroller = this.#scroller.current;
    if (!scroller) return;
    const { store } = this.props.scene;
    const atEnd = this.#read(scroller);
    if (atEnd !== this.state.atEnd) this.setState({ atEnd });
    if (atEnd && !document.hidden) store.see();
    if (isNearTop(scroller)) store.loadOlder();
  };

  override render({ scene, quiet, items, lang, words, unread, known, older, reloads }: Props, { atEnd }: { atEnd: boolean }) {
    const now = Date.now();
    return (
      <main>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section class="log" ref={this.#scroller} onScroll={this.#look} role="log" aria-label={words.log} aria-live={quiet ? 'off' : 'polite'} aria-relevant="additions" aria-busy={older} tabIndex={0}>
          {items.length === 0 && <Empty words={words} known={known} />}
          {older && <p class="toast" aria-live="off">{words.opening}</p>}
          {reloads > 0 && <p class="toast brief" key={reloads}>{words.reloaded}</p>}
          <div class="lines" ref={this.#lines}>
            {items.map((item) => (item.t === 'day'
              ? <h2 class="day" key={item.key}>{tellDay(item.at, now, lang)}</h2>
              : <MessageLine key={item.key} message={item} scene={scene} lang={lang} />))}
          </div>
        </section>
        {!atEnd && (
          <button type="button" class="latest" onClick={() => this.#goToEnd()}>
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
