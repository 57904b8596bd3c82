import { Component } from 'preact';
import type { Scene } from '../scene.ts';
import { drawHeat, HEAT_HIGH, HEAT_WIDE } from './heat.ts';

/** The pictures of a recording, in ms. */
type Props = { scene: Scene; from: number; to: number };

const BUCKETS = 100;

/** Where in a recording much was said, over the bar to seek in. It says nothing that the words themselves do not. */
export class Heat extends Component<Props, { counts: readonly number[] }> {
  override state = { counts: [] };

  override componentDidMount(): void {
    const { scene: { page: { room, site } }, from, to } = this.props;
    void fetch(`/api/v1/rooms/${encodeURIComponent(room)}/heat?from=${from}&to=${to}&buckets=${BUCKETS}&site=${encodeURIComponent(site)}`, { credentials: 'omit' })
      .then((answer) => (answer.ok ? answer.json() : {}), () => ({}))
      .then(({ counts = [] }: { counts?: number[] }) => this.setState({ counts }));
  }

  override render(_: Props, { counts }: { counts: readonly number[] }) {
    return <svg class="heat" viewBox={`0 0 ${HEAT_WIDE} ${HEAT_HIGH}`} preserveAspectRatio="none" aria-hidden="true"><path d={drawHeat(counts)} /></svg>;
  }
}
