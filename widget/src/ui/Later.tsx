import { Component, type ComponentType } from 'preact';
import { fetchPart } from './part.ts';
import type { Scene, Sheet } from './scene.ts';

/** `place`: the class of what holds its room meanwhile. */
type Props = { scene: Scene; sheet?: Sheet; place?: string; load: () => Promise<unknown> };
type State = { Drawing?: ComponentType<{ scene: Scene; sheet: Sheet | undefined }> };

/** A part of the screen that is fetched when it is first needed. */
export class Later extends Component<Props, State> {
  /** None of them is for somebody who only passes by, and all of them are for what the store does. */
  override componentDidMount(): void {
    const { load, scene } = this.props;
    void scene.near.then(() => Promise.all([fetchPart(load), scene.live])).then(([Drawing]) => this.setState({ Drawing } as State));
  }

  override render({ scene, sheet, place }: Props, { Drawing }: State) {
    return Drawing ? <Drawing scene={scene} sheet={sheet} /> : place && <div class={place} />;
  }
}
