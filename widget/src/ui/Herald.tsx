import { Component, type ComponentChild } from 'preact';
import { type Crowd, hear, rest, TELL_EVERY_MS } from './crowd.ts';
import { countUnread, type Message } from './items.ts';
import type { Scene } from './scene.ts';

/** `children`: the log, told whether it must not be read out. */
type Props = { scene: Scene; messages: readonly Message[]; children: (quiet: boolean) => ComponentChild };
/** `told`: what is being read out, and in which `turn`. */
type State = Crowd & { epoch: string | null; told: number; turn: number };

/** New lines are read out by the log itself, while an ear can follow; beyond that, only how many they are. */
export class Herald extends Component<Props, State> {
  override state: State = { n: 0, came: [], loud: false, untold: 0, epoch: null, told: 0, turn: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  static getDerivedStateFromProps({ scene, messages }: Props, state: State): State {
    const { epoch, n } = scene.store.room.value;
    // What is loaded anew was not just said.
    if (epoch !== state.epoch) return { ...state, epoch, n };
    return n === state.n ? state : { ...state, ...hear(state, n, countUnread(messages, state.n), Date.now()) };
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
