import { Component, type ComponentChild } from 'preact';
import { type Crowd, hear, rest, TELL_EVERY_MS } from './crowd.ts';
import { countUnread, type Item } from './items.ts';
import type { Scene } from './scene.ts';

/** `children`: the log, told whether it must not be read out. */
type Props = { scene: Scene; items: readonly Item[]; children: (quiet: boolean) => ComponentChild };
/** `low`: the oldest number held. `told`: what is being read out, and in which `turn`. */
type State = Crowd & { epoch: string | null; low: number; told: number; turn: number };

/** New lines are read out by the log itself, while an ear can follow; beyond that, only how many they are. */
export class Herald extends Component<Props, State> {
  override state: State = { n: 0, came: [], loud: false, untold: 0, epoch: null, low: Number.POSITIVE_INFINITY, told: 0, turn: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  static getDerivedStateFromProps({ scene, items }: Props, state: State): State {
    const { epoch, n, low } = scene.store.room.value;
    // What is loaded anew, or put above, is old: it must not be read out as if it had just been said.
    if (epoch !== state.epoch) return { ...state, epoch, n, low, loud: state.low !== Number.POSITIVE_INFINITY };
    const crowd = { ...state, low, loud: state.loud || low < state.low };
    return n === state.n ? crowd : { ...crowd, ...hear(crowd, n, countUnread(items, state.n), Date.now()) };
  }

  override componentDidMount(): void {
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const { loud, told } = this.state;
    if (loud || told > 0) this.#timer ??= setTimeout(this.#tell, TELL_EVERY_MS);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  #tell = (): void => {
    this.#timer = undefined;
    this.setState((state) => ({ ...rest(state, Date.now()), told: state.untold, turn: state.turn + 1 }));
  };

  override render({ scene, children }: Props, { loud, told, turn }: State) {
    return (
      <>
        {children(loud)}
        <p class="unseen" role="status">{told > 0 && <span key={turn}>{scene.words().news(told)}</span>}</p>
      </>
    );
  }
}
