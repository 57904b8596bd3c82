import { Component } from 'preact';
import { makeKey } from '../../state/keyring.ts';
import type { Scene } from '../scene.ts';
import { DeskSheet } from './DeskSheet.tsx';
import { Dialog } from './Dialog.tsx';
import { wordsFor } from './words.ts';

/** No sooner than the server answers. */
const ASK_EVERY_MS = 2_000;
const framed = window.parent !== window;

/** A frame becomes a moderator's: our own page opens, or its code is typed there. No key is ever typed in a frame. */
export class PairSheet extends Component<{ scene: Scene }, { code: string | null; refused: boolean }> {
  override state = { code: null, refused: false };
  #key = makeKey();
  #timer: ReturnType<typeof setInterval> | undefined;
  #window: Window | null = null;

  override componentDidMount(): void {
    if (!framed || this.#moderates()) return;
    this.#ask();
    this.#timer = setInterval(this.#ask, ASK_EVERY_MS);
    addEventListener('message', this.#answer);
  }

  override componentDidUpdate(): void {
    if (!framed || !this.#timer || !this.#moderates()) return;
    this.#rest();
    this.props.scene.store?.speaker.keyring.write(this.#key);
  }

  override componentWillUnmount(): void {
    this.#rest();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    removeEventListener('message', this.#answer);
  }

  #moderates(): boolean {
    return this.props.scene.reader.role.value !== 'reader';
  }

  #ask = (): void => {
    this.props.scene.store?.gavel.pair(this.#key, hostOrigin(), (code) => {
      if (code === null) this.#rest();
      this.setState({ code, refused: code === null });
    });
  };

  /** Our own page asks its opener which code it is for; nobody else is answered. */
  #answer = ({ source, origin, data }: MessageEvent): void => {
    if (source !== this.#window || origin !== location.origin || !this.#window) return;
    if (data?.aside?.pair === 'ask' && this.state.code) this.#window.postMessage({ aside: { pair: this.state.code } }, location.origin);
    if (data?.aside?.pair === 'done') this.#ask();
  };

  #stop = (): void => {
    this.props.scene.store?.speaker.keyring.write(null);
    location.reload();
  };

  override render({ scene }: { scene: Scene }, { code, refused }: { code: string | null; refused: boolean }) {
    const { pair } = wordsFor(scene);
    return (
      <Dialog scene={scene} title={pair.title} kind="pair">
        {this.#moderates() ? (
          <>
            <p class="hint">{pair.already}</p>
            <DeskSheet scene={scene} />
            <button type="button" class="item danger" onClick={this.#stop}>{pair.stop}</button>
          </>
        ) : refused || !framed ? (
          <>
            <p class="hint">{refused ? pair.refused : pair.intro}</p>
            <a class="go wide" href={refused ? location.href : '/admin'} target={refused ? '_blank' : '_self'} rel="noopener">{refused ? pair.ownWindow : pair.open}</a>
          </>
        ) : (
          <>
            <p class="hint">{pair.intro}</p>
            <button type="button" class="go wide" disabled={code === null} onClick={() => { this.#window = open('/admin#pair', '_blank', 'popup,width=440,height=640'); }}>{pair.open}</button>
            <p class="hint">{pair.code(`${location.host}/admin#pair`)}</p>
            <p class="code" role="status">{code ?? pair.wait}</p>
          </>
        )}
      </Dialog>
    );
  }
}

/** The page around us, as far as the browser tells. */
function hostOrigin(): string {
  const [nearest] = location.ancestorOrigins ?? [];
  return nearest ?? (URL.canParse(document.referrer) ? new URL(document.referrer).origin : 'https://unknown.invalid');
}
