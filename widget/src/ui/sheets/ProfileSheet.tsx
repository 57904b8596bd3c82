import { Component } from 'preact';
import { NameCard } from '../NameCard.tsx';
import type { Scene } from '../scene.ts';
import { Dialog } from './Dialog.tsx';
import { Mine } from './Mine.tsx';
import { wordsFor } from './words.ts';

/** One's name and animal, where they are kept, and how to be forgotten. */
export class ProfileSheet extends Component<{ scene: Scene }, { sure: boolean }> {
  override state = { sure: false };

  #forget = (): void => {
    this.props.scene.store?.speaker.forget();
    location.reload();
  };

  override render({ scene }: { scene: Scene }, { sure }: { sure: boolean }) {
    const words = { ...scene.words(), ...wordsFor(scene) };
    const close = () => { scene.sheet.value = null; };
    return (
      <Dialog scene={scene} title={words.profile} kind="profile">
        <NameCard scene={scene} done={close} />
        <h3>{words.keptTitle}</h3>
        <p class="hint">{words.kept[scene.store?.speaker.place() ?? 'memory']}</p>
        <button type="button" class="item" onClick={() => { scene.sheet.value = { t: 'pair' }; }}>{words.moderate}</button>
        <Mine scene={scene} />
        {sure
          ? (
            <p class="sure" role="alert">
              <span>{words.forgetSure}</span>
              <button type="button" class="plain" onClick={close}>{words.cancel}</button>
              <button type="button" class="go danger" onClick={this.#forget}>{words.forget}</button>
            </p>
          )
          : <button type="button" class="item danger" onClick={() => this.setState({ sure: true })}>{words.forget}</button>}
      </Dialog>
    );
  }
}
