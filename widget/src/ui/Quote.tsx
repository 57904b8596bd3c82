import type { LiveRow } from '@aside/server/protocol';
import { Component } from 'preact';
import type { Scene } from './scene.ts';

type Props = { scene: Scene; n: number; row: LiveRow | null };

/** What a message answers, in one line; it leads there. */
export class Quote extends Component<Props> {
  override componentDidMount(): void {
    const { scene, n } = this.props;
    void scene.live.then((store) => store.lookUp(n));
  }

  /** What it answers may have been held, and be forgotten by now. */
  override componentDidUpdate(): void {
    this.componentDidMount();
  }

  override render({ scene, n, row }: Props) {
    return <a class="quote" href={`#m${n}`}>{row ? <><b>{row.nick}</b> {row.text.slice(0, 140)}</> : scene.words().gone}</a>;
  }
}
