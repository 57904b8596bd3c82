import { Component, type ComponentType } from 'preact';
import type { Scene, Sheet } from './scene.ts';

/** `place`: the class of what holds its room meanwhile. */
type Props = { scene: Scene; sheet?: Sheet; place?: string; load: () => Promise<unknown> };
type State = { Drawing?: ComponentType<{ scene: Scene; sheet: Sheet | undefined }> };

/** A network that fails is asked again, not hammered. */
const AGAIN_MS = 3_000;

/** A part of the screen that is fetched when it is first needed. */
export class Later extends Component<Props, State> {
  #again: ReturnType<typeof setTimeout> | undefined;

  override componentDidMount(): void {
    this.props.load().then(
      (Drawing) => this.setState({ Drawing } as State),
      () => { this.#again = setTimeout(() => this.componentDidMount(), AGAIN_MS); },
    );
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#again);
  }

  override render({ scene, sheet, place }: Props, { Drawing }: State) {
    return Drawing ? <Drawing scene={scene} sheet={sheet} /> : place && <div class={place} />;
  }
}
