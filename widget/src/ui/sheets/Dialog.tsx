import { Component, type ComponentChildren, createRef } from 'preact';
import { dress } from '../dress.ts';
import type { Scene, Spot } from '../scene.ts';
import rules from './sheets.css?inline';
import { wordsFor } from './words.ts';

type Props = { scene: Scene; title: string; kind: string; at?: Spot | null; children: ComponentChildren };

dress(rules);
const EDGE_PX = 8;

/** A modal the browser keeps: Escape, focus and what lies behind are its business. On a narrow screen it stands at the bottom. */
export class Dialog extends Component<Props> {
  #dialog = createRef<HTMLDialogElement>();

  override componentDidMount(): void {
    const dialog = this.#dialog.current;
    dialog?.showModal();
    // Not the way out, which stands first.
    dialog?.querySelector<HTMLElement>('.six button, .grid button')?.focus();
    const { at } = this.props;
    if (!dialog || !at) return;
    const { width, height } = dialog.getBoundingClientRect();
    dialog.style.setProperty('--x', `${Math.max(EDGE_PX, Math.min(at.x, innerWidth - width - EDGE_PX))}px`);
    dialog.style.setProperty('--y', `${Math.max(EDGE_PX, Math.min(at.y, innerHeight - height - EDGE_PX))}px`);
  }

  #close = (): void => {
    this.props.scene.sheet.value = null;
  };

  override render({ scene, title, kind, at, children }: Props) {
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, and the button
      <dialog ref={this.#dialog} class={at ? `${kind} spot` : kind} aria-label={title} onClose={this.#close} onClick={(event) => { if (event.target === event.currentTarget) this.#close(); }}>
        <div class="sheet">
          <h2>{title}<button type="button" class="close" onClick={this.#close} aria-label={wordsFor(scene).close}>✕</button></h2>
          {children}
        </div>
      </dialog>
    );
  }
}
