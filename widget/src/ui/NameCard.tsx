import type { RefusalCode } from '@aside/server/protocol';
import { Component, createRef } from 'preact';
import { Avatar } from './Avatar.tsx';
import { dress } from './dress.ts';
import { keys } from './keys.ts';
import { type Proposal, proposeName } from './names.ts';
import type { Scene } from './scene.ts';
import footer from './footer.css?inline';
import rules from './name-card.css?inline';
import { naming } from './words/naming.ts';

dress(footer + rules);

/** `done`: the reader has a name already, and changes it in their profile. */
type Props = { scene: Scene; done?: () => void };
type State = Proposal & { own: boolean; fault: RefusalCode | null };

/** A name and an animal, proposed; below the conversation, never before it. */
export class NameCard extends Component<Props, State> {
  #input = createRef<HTMLInputElement>();
  #focused = 0;

  constructor(props: Props) {
    super(props);
    const { reader, config } = props.scene;
    const { nick, avatar } = reader.me.value;
    const proposed = proposeName(naming[config.value.lang], Math.random);
    this.state = { nick: nick ?? proposed.nick, avatar: avatar ?? proposed.avatar, own: nick !== null, fault: null };
  }

  override componentDidMount(): void {
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const asked = this.props.scene.focus.value;
    if (asked !== this.#focused) this.#input.current?.focus();
    this.#focused = asked;
  }

  #reroll = (): void => {
    const { nick, avatar, own } = this.state;
    const proposed = proposeName(naming[this.props.scene.config.value.lang], Math.random, avatar);
    this.setState(own ? { nick, avatar: proposed.avatar } : proposed);
  };

  #take = (event: Event): void => {
    const { store, focus } = this.props.scene;
    event.preventDefault();
    // Some browsers tell of the last syllable only after its composition has ended.
    const nick = this.#input.current?.value ?? this.state.nick;
    const fault = store?.rename(nick, this.state.avatar) ?? null;
    this.setState({ nick, fault });
    if (fault === null) this.props.done?.();
    focus.value += 1;
  };

  #ears = keys.on(this.#take);

  // No form is ever submitted: a page that sandboxes us without `allow-forms` would see to it that nobody gets in.
  override render({ scene, done }: Props, { nick, avatar, fault }: State) {
    const words = { ...scene.words(), ...naming[scene.config.value.lang] };
    const { author } = scene.reader;
    const code = fault ?? scene.reader.fault.value;
    const wrong = code && (words.badNick[code] ?? words.badNick.nick_invalid);
    return (
      <form class="card" aria-labelledby="card-title">
        <h2 id="card-title">{done ? words.profile : words.pickName}</h2>
        <div class="fields">
          <button type="button" class="reroll" onClick={this.#reroll} title={`${words.reroll}: ${words.animals[avatar]}`}>
            <Avatar name={avatar} seed={author.value} />
          </button>
          <input
            ref={this.#input}
            value={nick}
            aria-label={words.nick}
            aria-describedby="card-hint"
            aria-invalid={wrong !== null}
            autocomplete="off"
            spellcheck={false}
            {...this.#ears}
            onInput={({ currentTarget }) => this.setState({ nick: currentTarget.value, own: true })}
          />
          <button type="button" class="go" onClick={this.#take}>{done ? words.save : words.start}</button>
        </div>
        <p id="card-hint" class={wrong ? 'hint wrong' : 'hint'} role="status">{wrong ?? words.pickHint}</p>
      </form>
    );
  }
}
