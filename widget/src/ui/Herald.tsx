import { Component, type ComponentChild } from 'preact';
import { listUnread, type Message } from './items.ts';
import type { Scene } from './scene.ts';

/** So often the listener hears how many there were. */
const TELL_EVERY_MS = 5_000;
/** In that time: about one a second. */
const BEARABLE = 5;

/** `children`: the log, told whether it must not be read out. */
type Props = { scene: Scene; messages: readonly Message[]; children: (quiet: boolean) => ComponentChild };
/** `fresh` came since number `from` of `epoch`. `told`: what is being read out, and in which `turn`. */
type State = { epoch: string | null; from: number; fresh: number; loud: boolean; told: number; turn: number };

/** New lines are read out by the log itself, while an ear can follow; beyond that, only how many they are. */
export class Herald extends Component<Props, State> {
  override state: State = { epoch: null, from: 0, fresh: 0, loud: false, told: 0, turn: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  static getDerivedStateFromProps({ scene, messages }: Props, state: State): State {
    const { epoch, n } = scene.view.room.value;
    // What is loaded anew was not just said.
    const from = epoch === state.epoch ? state.from : n;
    const fresh = n > from ? listUnread(messages, from).length : 0;
    return { ...state, epoch, from, fresh, loud: state.loud || fresh > BEARABLE };
  }

  override componentDidUpdate(): void {
    const { fresh, loud, told } = this.state;
    if (loud || fresh > 0 || told > 0) this.#timer ??= setTimeout(this.#tell, TELL_EVERY_MS);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  #tell = (): void => {
    this.#timer = undefined;
    const { fresh, loud, turn } = this.state;
    this.setState({ from: this.props.scene.view.room.value.n, loud: fresh > BEARABLE, told: loud ? fresh : 0, turn: turn + 1 });
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
