import { Component } from 'preact';
import { type Hidden, keepHidden, readHidden } from '../../state/hidden.ts';
import type { Scene } from '../scene.ts';
import { Dialog } from './Dialog.tsx';
import { wordsFor } from './words.ts';

/** Whom and which words this reader does not see, and how to see them again. */
export class HiddenSheet extends Component<{ scene: Scene }, { word: string }> {
  override state = { word: '' };

  #keep(change: Partial<Hidden>): void {
    const { scene } = this.props;
    keepHidden(scene.reader, scene.shelf, { ...readHidden(scene.shelf), ...change });
    this.setState({ word: '' });
  }

  override render({ scene }: { scene: Scene }, { word }: { word: string }) {
    const { hidden: words } = wordsFor(scene);
    const hidden = readHidden(scene.shelf);
    const without = <T,>(all: readonly T[], one: T) => all.filter((other) => other !== one);
    const add = (): void => { if (word.trim()) this.#keep({ words: [...hidden.words, word] }); };
    return (
      <Dialog scene={scene} title={words.title} kind="hidden">
        <p class="hint">{words.hint}</p>
        <h3>{words.people}</h3>
        {hidden.people.length === 0 && <p class="hint">{words.nobody}</p>}
        <ul>
          {hidden.people.map((one) => (
            <li key={one.author}>
              <b>{one.nick}</b>
              <button type="button" class="again" aria-label={`${one.nick} ${words.show}`} onClick={() => this.#keep({ people: without(hidden.people, one) })}>{words.show}</button>
            </li>
          ))}
        </ul>
        <h3>{words.words}</h3>
        <p class="add">
          <input aria-label={words.word} placeholder={words.word} maxLength={40} value={word} onInput={(event) => this.setState({ word: event.currentTarget.value })} onKeyDown={(event) => { if (event.key === 'Enter' && !event.isComposing) add(); }} />
          <button type="button" class="go" disabled={!word.trim()} onClick={add}>{words.add}</button>
        </p>
        <ul>
          {hidden.words.map((one) => (
            <li key={one}>
              <b>{one}</b>
              <button type="button" class="again" aria-label={`${one} ${words.show}`} onClick={() => this.#keep({ words: without(hidden.words, one) })}>{words.show}</button>
            </li>
          ))}
        </ul>
      </Dialog>
    );
  }
}

/** Hides what somebody writes; returns what shows it again. */
export function hidePerson({ reader, shelf }: Scene, author: string, nick: string): () => void {
  const before = readHidden(shelf);
  keepHidden(reader, shelf, { ...before, people: [...before.people, { author, nick }] });
  return () => {
    const now = readHidden(shelf);
    keepHidden(reader, shelf, { ...now, people: now.people.filter((one) => one.author !== author) });
  };
}
