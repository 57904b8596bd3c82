import { Component, type ComponentType } from 'preact';
import type { Scene } from './scene.ts';

type Props = { scene: Scene; naming: boolean };
type Drawing = ComponentType<{ scene: Scene }>;

const drawings = new Map<boolean, Drawing>();
/** A network that fails once is asked again, not hammered. */
const AGAIN_MS = 3_000;

/**
 * Reading asks for nothing; speaking asks for a name. What speaking needs is fetched once the words are on the screen,
 * and of it only what this reader needs: the card of a stranger, or the composer of one who has a name.
 */
export class Voice extends Component<Props> {
  #again: ReturnType<typeof setTimeout> | undefined;

  override componentWillUnmount(): void {
    clearTimeout(this.#again);
  }

  #fetch(naming: boolean): void {
    clearTimeout(this.#again);
    const loading: Promise<Drawing> = naming ? import('./NameCard.tsx').then((drawn) => drawn.NameCard) : import('./Composer.tsx').then((drawn) => drawn.Composer);
    loading.then(
      (drawn) => { drawings.set(naming, drawn); this.forceUpdate(); },
      () => { this.#again = setTimeout(() => this.forceUpdate(), AGAIN_MS); },
    );
  }

  override render({ scene, naming }: Props) {
    const Drawing = drawings.get(naming);
    if (Drawing) return <Drawing scene={scene} />;
    this.#fetch(naming);
    return <div class={naming ? 'card' : 'composer'} />;
  }
}
