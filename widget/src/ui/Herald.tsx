import { Component, type ComponentChild } from 'preact';
import type { Message } from './items.ts';
import type { Scene } from './scene.ts';

/** So often the listener hears how many there were. */
const TELL_EVERY_MS = 5_000;
/** In that time: about one a second. */
const BEARABLE = 5;

/** `children`: the log, told whether it must not be read out. */
type Props = { scene: Scene; messages: readonly Message[]; children: (quiet: boolean) => ComponentChild };
/** `fresh` stand below the line `from`. `told`: what is being read out, and in which `turn`. */
type State = { from: string | undefined; fresh: number; loud: boolean; told: number; turn: number };

/** New lines are read out by the log itself, while an ear can follow; beyond that, only how many they are. */
export class Herald extends Component<Props, State> {
  override state: State = { from: undefined, fresh: 0, loud: false, told: 0, turn: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  static getDerivedStateFromProps({ messages }: Props, state: State): State {
    const at = messages.findLastIndex(({ key }) => key === state.from);
    // What is loaded anew was not just said.
    const fresh = at < 0 ? 0 : messages.slice(at + 1).filter(({ mine }) => !mine).length;
    return { ...state, from: at < 0 ? messages.at(-1)?.key : state.from, fresh, loud: state.loud || fresh > BEARABLE };
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
    this.setState({ from: this.props.messages.at(-1)?.key, loud: fresh > BEARABLE, told: loud ? fresh : 0, turn: turn + 1 });
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
