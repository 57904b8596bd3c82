import { Component } from 'preact';
import { Avatar } from '../Avatar.tsx';
import type { Scene } from '../scene.ts';
import { tellCount } from '../time.ts';
import { Dialog } from './Dialog.tsx';
import { wordsFor } from './words.ts';

const ASK_EVERY_MS = 10_000;

/** Who is here (UI-102): those with a name, this reader first, and how many read without one. */
export class PeopleSheet extends Component<{ scene: Scene }> {
  #asking: ReturnType<typeof setInterval> | undefined;

  override componentDidMount(): void {
    const ask = () => this.props.scene.store?.company.ask();
    ask();
    this.#asking = setInterval(ask, ASK_EVERY_MS);
  }

  override componentWillUnmount(): void {
    clearInterval(this.#asking);
  }

  override render({ scene }: { scene: Scene }) {
    const words = { ...scene.words(), ...wordsFor(scene) };
    const { view, reader, config } = scene;
    const me = reader.author.value;
    const names = view.names.value ?? [];
    const shared = new Set(names.map(({ nick }) => nick).filter((nick, i, all) => all.indexOf(nick) !== i));
    const sorted = [...names].sort((a, b) => Number(b.author === me) - Number(a.author === me) || a.nick.localeCompare(b.nick, config.value.lang));
    const strangers = Math.max(0, (view.room.value.here ?? names.length) - names.length);
    return (
      <Dialog scene={scene} title={words.present} kind="people">
        <ul>
          {sorted.map(({ author, nick, avatar }) => (
            <li key={author}>
              <Avatar name={avatar} seed={author} />
              <b>{nick}</b>
              {shared.has(nick) && <span class="tag">{author.slice(0, 4)}</span>}
              {author === me && <span class="self">{words.me}</span>}
            </li>
          ))}
        </ul>
        {strangers > 0 && <p class="hint">{words.strangers(tellCount(strangers, config.value.lang))}</p>}
        <button type="button" class="item" onClick={() => { scene.sheet.value = { t: 'hidden' }; }}>{words.hidden.title}</button>
      </Dialog>
    );
  }
}
