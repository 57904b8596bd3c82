import { Component } from 'preact';
import type { Message } from '../items.ts';
import type { Scene } from '../scene.ts';
import { Dialog } from './Dialog.tsx';
import { judge } from './judge.ts';
import { wordsFor } from './words.ts';

const SPANS_S = [86_400, 604_800, 2_592_000];

type Props = { scene: Scene; n: number };
type State = { seconds: number | null; sweep: boolean; network: boolean; reason: string };

/** For how long, why, and whether what they wrote goes too. */
export class BanSheet extends Component<Props, State> {
  override state: State = { seconds: null, sweep: false, network: false, reason: '' };
  /** As it stood when the menu was left: it may be taken down by another hand meanwhile. */
  #message: Message | null;

  constructor(props: Props) {
    super(props);
    this.#message = props.scene.message(props.n);
  }

  #ban = (): void => {
    const { scene } = this.props;
    const { seconds, sweep, network, reason } = this.state;
    const message = this.#message;
    scene.sheet.value = null;
    if (!message) return;
    const why = reason.trim();
    void judge(scene, { t: 'mod', do: 'ban', who: message.author, ...(seconds !== null && { seconds }), ...(sweep && { sweep }), ...(network && { network }), ...(why && { reason: why }) }, wordsFor(scene).mod.banned(message.nick));
  };

  override render({ scene }: Props, { seconds, sweep, network, reason }: State) {
    const { mod, ...words } = { ...scene.words(), ...wordsFor(scene) };
    const nick = this.#message?.nick ?? '';
    return (
      <Dialog scene={scene} title={mod.banTitle(nick)} kind="ban">
        <fieldset class="spans">
          <legend>{mod.span}</legend>
          {[...SPANS_S, null].map((one) => (
            <label key={one}><input type="radio" name="span" checked={seconds === one} onChange={() => this.setState({ seconds: one })} /><span>{one === null ? mod.ever : mod.spans[one]}</span></label>
          ))}
        </fieldset>
        <label class="tick"><input type="checkbox" checked={sweep} onChange={({ currentTarget }) => this.setState({ sweep: currentTarget.checked })} /><span>{mod.sweep}</span></label>
        <label class="tick"><input type="checkbox" checked={network} onChange={({ currentTarget }) => this.setState({ network: currentTarget.checked })} /><span>{mod.network}</span></label>
        <label class="field"><span>{mod.reason}</span><input value={reason} maxLength={200} autocomplete="off" onInput={({ currentTarget }) => this.setState({ reason: currentTarget.value })} /></label>
        <p class="sure">
          <button type="button" class="plain" onClick={() => { scene.sheet.value = null; }}>{words.cancel}</button>
          <button type="button" class="go danger" onClick={this.#ban}>{mod.banTitle(nick)}</button>
        </p>
      </Dialog>
    );
  }
}
