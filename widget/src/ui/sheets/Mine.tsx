import { Component } from 'preact';
import type { Scene } from '../scene.ts';
import { wordsFor } from './words.ts';

type Step = 'rest' | 'sure' | 'busy' | 'failed';

/** What one wrote in this blog: to take along, and to take back. For who has written under a name. */
export class Mine extends Component<{ scene: Scene }, { step: Step }> {
  override state: { step: Step } = { step: 'rest' };

  /** By a ticket: the secret id goes nowhere but the socket. */
  async #ask(method: 'GET' | 'DELETE'): Promise<Response | null> {
    const verdict = await this.props.scene.store?.gavel.do({ t: 'ticket' });
    if (verdict?.t !== 'ok' || !verdict.ticket) return null;
    const answer = await fetch('/api/v1/mine', { method, headers: { authorization: `Bearer ${verdict.ticket}` }, credentials: 'omit', cache: 'no-store' }).catch(() => null);
    return answer?.ok ? answer : null;
  }

  #download = async (): Promise<void> => {
    this.setState({ step: 'busy' });
    const blob = await (await this.#ask('GET'))?.blob().catch(() => null);
    this.setState({ step: blob ? 'rest' : 'failed' });
    if (!blob) return;
    // A frame that blogs sandbox may save nothing, but open a window that can.
    const framed = window !== top;
    const href = URL.createObjectURL(framed ? new Blob([blob], { type: 'text/plain;charset=utf-8' }) : blob);
    if (framed) open(href);
    else Object.assign(document.createElement('a'), { href, download: 'what-i-wrote.ndjson' }).click();
    setTimeout(() => URL.revokeObjectURL(href), REVOKE_AFTER_MS);
  };

  /** Danger: words that are on their way would come again, as somebody new's: the outbox is forgotten with the rest. */
  #erase = async (): Promise<void> => {
    this.setState({ step: 'busy' });
    if (!(await this.#ask('DELETE'))) return this.setState({ step: 'failed' });
    this.props.scene.store?.speaker.forget();
    location.reload();
  };

  override render({ scene }: { scene: Scene }, { step }: { step: Step }) {
    if (!scene.store?.speaker.maySpeak()) return null;
    const words = { ...scene.words(), ...wordsFor(scene) };
    if (step === 'sure') {
      return (
        <p class="sure" role="alert">
          <span>{words.mine.eraseSure}</span>
          <button type="button" class="plain" onClick={() => this.setState({ step: 'rest' })}>{words.cancel}</button>
          <button type="button" class="go danger" onClick={this.#erase}>{words.mine.erase}</button>
        </p>
      );
    }
    return (
      <>
        <button type="button" class="item" disabled={step === 'busy'} onClick={this.#download}>{words.mine.download}</button>
        <button type="button" class="item danger" disabled={step === 'busy'} onClick={() => this.setState({ step: 'sure' })}>{words.mine.erase}</button>
        {step === 'failed' && <p class="hint" role="alert">{words.mine.failed}</p>}
      </>
    );
  }
}

/** Browsers read it after the click. */
const REVOKE_AFTER_MS = 60_000;
