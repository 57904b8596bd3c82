import { Component, type ComponentChildren, createRef } from 'preact';
import { dress } from '../dress.ts';
import { CROSS, Icon } from '../Icon.tsx';
import type { Scene, Anchor } from '../scene.ts';
import rules from './sheets.css?inline';
import { wordsFor } from './words.ts';

type Props = { scene: Scene; title: string; kind: string; at?: Anchor | null; children: ComponentChildren };

dress(rules);
const EDGE_PX = 8;
/** Between a message and what opens beside it. */
const GAP_PX = 4;

/** A modal the browser keeps: Escape, focus and what lies behind are its business. On a narrow screen it stands at the bottom. */
export class Dialog extends Component<Props> {
  #dialog = createRef<HTMLDialogElement>();
  #sizes = new ResizeObserver(() => this.#place(this.#dialog.current, this.props.at));

  override componentDidMount(): void {
    const dialog = this.#dialog.current;
    dialog?.showModal();
    // Not the way out, which stands first.
    dialog?.querySelector<HTMLElement>('.six button, .grid button')?.focus();
    // It grows when it asks whether one is sure.
    if (dialog && this.props.at) this.#sizes.observe(dialog);
  }

  override componentWillUnmount(): void {
    this.#sizes.disconnect();
  }

  /** Beside what it is about, not over it where there is room, and never beyond an edge. */
  #place(dialog: HTMLElement | null, at: Anchor | null | undefined): void {
    if (!dialog || !at) return;
    const [lastX, lastY] = [innerWidth - dialog.offsetWidth - EDGE_PX, innerHeight - dialog.offsetHeight - EDGE_PX];
    const [below, above] = [at.bottom + GAP_PX, at.top - dialog.offsetHeight - GAP_PX];
    dialog.style.setProperty('--x', `${Math.max(EDGE_PX, Math.min(at.x, lastX))}px`);
    dialog.style.setProperty('--y', `${below > lastY && above >= EDGE_PX ? above : Math.max(EDGE_PX, Math.min(below, lastY))}px`);
  }

  #close = (): void => {
    this.props.scene.sheet.value = null;
  };

  override render({ scene, title, kind, at, children }: Props) {
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, and the button
      <dialog ref={this.#dialog} class={at ? `${kind} spot` : kind} aria-label={title} onClose={this.#close} onClick={(event) => { if (event.target === event.currentTarget) this.#close(); }}>
        <div class="sheet">
          <h2>{title}<button type="button" class="close" onClick={this.#close} aria-label={wordsFor(scene).close}><Icon d={CROSS} /></button></h2>
          {children}
        </div>
      </dialog>
    );
  }
}
