import { countGraphemes, TEXT_MAX_GRAPHEMES } from '@aside/server/protocol';
import { Component, createRef } from 'preact';
import { Avatar } from './Avatar.tsx';
import { isBreak, isSend } from './keys.ts';
import type { Scene } from './scene.ts';

/** Letters left are told from here on. */
const TELL_LEFT = 200;

export class Composer extends Component<{ scene: Scene }> {
  #area = createRef<HTMLTextAreaElement>();
  #shift = false;
  #focused = 0;
  #sized = '';

  override componentDidMount(): void {
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const area = this.#area.current;
    const asked = this.props.scene.focus.value;
    if (!area) return;
    // A busy room draws often: laying out the whole page twice each time would slow the typing.
    const size = `${area.clientWidth} ${area.value}`;
    if (size !== this.#sized) {
      area.style.height = 'auto';
      area.style.height = `${area.scrollHeight}px`;
    }
    this.#sized = size;
    if (asked !== this.#focused) area.focus();
    this.#focused = asked;
  }

  #send = (event: Event): void => {
    const { scene } = this.props;
    event.preventDefault();
    const text = scene.draft.value.trim();
    if (text === '' || lettersLeft(text) < 0) return;
    scene.store.say(text);
    scene.write('');
    scene.toEnd.value += 1;
    scene.focus.value += 1;
  };

  #openProfile = (): void => {
    this.props.scene.renaming.value = true;
    this.props.scene.focus.value += 1;
  };

  override render({ scene }: { scene: Scene }) {
    const words = scene.words();
    const text = scene.draft.value;
    const left = lettersLeft(text);
    const { nick, avatar } = scene.speaker.me.value;
    return (
      <form class="composer">
        <button type="button" class="me" onClick={this.#openProfile} title={`${words.profile}: ${nick}`}>
          <Avatar name={avatar ?? ''} seed={scene.speaker.author.value ?? avatar ?? ''} />
        </button>
        <textarea
          ref={this.#area}
          rows={1}
          value={text}
          placeholder={words.write}
          aria-label={words.write}
          enterkeyhint="send"
          onInput={({ currentTarget }) => scene.write(currentTarget.value)}
          onKeyDown={(event) => {
            this.#shift = event.shiftKey;
            if (isSend(event)) this.#send(event);
          }}
          onBeforeInput={(event) => { if (!this.#shift && event instanceof InputEvent && isBreak(event)) this.#send(event); }}
        />
        {left <= TELL_LEFT && <output class={left < 0 ? 'left over' : 'left'}>{left}</output>}
        <button type="button" class="send" onClick={this.#send} aria-label={words.send} disabled={text.trim() === '' || left < 0}>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 19V5M5.5 11.5 12 5l6.5 6.5" /></svg>
        </button>
      </form>
    );
  }
}

/** Counting letters costs: it is done only where they could have run out. */
function lettersLeft(text: string): number {
  const least = TEXT_MAX_GRAPHEMES - text.length;
  return least > TELL_LEFT ? least : TEXT_MAX_GRAPHEMES - countGraphemes(text.trim());
}
