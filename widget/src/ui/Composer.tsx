import { countGraphemes, type RefusalCode, rulesNow, type Rules, TEXT_MAX_GRAPHEMES } from '@aside/server/protocol';
import { Component, createRef } from 'preact';
import { Avatar } from './Avatar.tsx';
import { CallList } from './CallList.tsx';
import { type Call, findCall, findCallees } from './calls.ts';
import { readDesk, watchDesk } from './desk.ts';
import { dress } from './dress.ts';
import { CROSS, Icon, REPLY } from './Icon.tsx';
import { isTaken, keys } from './keys.ts';
import type { Scene } from './scene.ts';
import rules from './composer.css?inline';
import footer from './footer.css?inline';
import { type Writing, writing } from './words/writing.ts';

dress(footer + rules);

/** Letters left are told from here on. */
const TELL_LEFT = 200;

/** These say when it is one's turn; the others only that something is wrong for now. */
const PACED = new Set<RefusalCode | undefined>(['slow_mode', 'rate', 'room_busy', 'muted']);

type Props = { scene: Scene };
/** `now`: while a message must wait, its seconds are counted down. */
type State = { call: Call | null; chosen: number; now: number };

export class Composer extends Component<Props, State> {
  override state: State = { call: null, chosen: 0, now: 0 };
  #area = createRef<HTMLTextAreaElement>();
  #focused = 0;
  #clock: ReturnType<typeof setTimeout> | undefined;
  #sized = '';
  #picture: number | null = null;

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
    clearTimeout(this.#clock);
    if (this.#waits() > 0) this.#clock = setTimeout(() => this.setState({ now: Date.now() }), 1_000);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#clock);
  }

  /** Seconds until what was said before may go out. */
  #waits(): number {
    const until = Math.max(0, ...this.props.scene.view.outbox.value.map(({ state }) => (state.at === 'sending' && PACED.has(state.why) ? state.hold : 0)));
    return Math.max(0, Math.ceil((until - Date.now()) / 1_000));
  }

  #send = (event: Event): void => {
    const { scene } = this.props;
    const { store, editing, replying } = scene;
    event.preventDefault();
    if (!store) return;
    // Not the draft: some browsers tell of the last syllable only after its composition has ended.
    const text = this.#area.current?.value.trim() ?? '';
    if (text === '' || lettersLeft(text) < 0 || this.#waits() > 0) return;
    if (editing.value) store.act({ t: 'edit', n: editing.value.n, text });
    else {
      store.say(text, replying.value, this.#picture);
      this.#picture = null;
      scene.write('');
      scene.toEnd.value += 1;
    }
    scene.leave();
    scene.focus.value += 1;
  };

  #write = (area: HTMLTextAreaElement): void => {
    const { scene } = this.props;
    // What its author was seeing is what was there when they began to write.
    if (scene.text().trim() === '') this.#picture = scene.stream.value?.picture() ?? null;
    scene.write(area.value);
    if (area.value !== '') scene.store?.company.typed();
    const call = findCall(area.value, area.selectionStart);
    if (call) scene.store?.company.ask();
    this.setState({ call, chosen: 0 });
  };

  /** Enter chooses while names are offered, also the one that ends a syllable. */
  #ears = keys.on((event) => {
    const { call, chosen } = this.state;
    const nick = call && this.#callees(call)[chosen];
    if (nick) this.#take(nick);
    else this.#send(event);
  });

  #callees(call: Call): readonly string[] {
    const { view, reader } = this.props.scene;
    return findCallees(call, view.names.value ?? [], reader.author.value);
  }

  #take = (nick: string): void => {
    const { scene } = this.props;
    // Read anew: a composition may have ended after the last input was told.
    const { value: text = '', selectionStart: caret = 0 } = this.#area.current ?? {};
    const call = findCall(text, caret);
    if (call) scene.write(`${text.slice(0, call.from)}@${nick} ${text.slice(call.to)}`);
    this.setState({ call: null });
    scene.focus.value += 1;
  };

  /** Keys that mean something else than a letter. True: done with it. */
  #press(event: KeyboardEvent, callees: readonly string[]): boolean {
    const { scene } = this.props;
    const { chosen } = this.state;
    if (callees.length > 0) {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) this.setState({ chosen: (chosen + step + callees.length) % callees.length });
      else if (event.key === 'Tab') this.#take(callees[chosen] ?? '');
      else if (event.key === 'Escape') this.setState({ call: null });
      else return false;
      return true;
    }
    if (event.key === 'Escape' && (scene.editing.value || scene.replying.value !== null)) scene.leave();
    else if (event.key === 'Escape') this.#area.current?.blur();
    else if (event.key === 'ArrowUp' && scene.text() === '') {
      const last = scene.messages().findLast(({ mine, n, state }) => mine && n !== null && !state);
      if (last) scene.edit(last);
    } else return false;
    return true;
  }

  override render({ scene }: Props, { call, chosen }: State) {
    const words = { ...scene.words(), ...writing[scene.config.value.lang] };
    Object.assign(scene.words().why, words.why);
    const text = scene.text();
    const left = lettersLeft(text);
    const waits = this.#waits();
    const { me, author } = scene.reader;
    const { nick, avatar } = me.value;
    const callees = call ? this.#callees(call) : [];
    const onkeydown = (event: KeyboardEvent) => {
      if (!isTaken(event) && this.#press(event, callees)) event.preventDefault();
      else this.#ears.onkeydown(event);
    };
    const ears = { ...this.#ears, onkeydown };
    const rules = rulesNow(scene.view.room.value.facts?.rules ?? {}, scene.messages().findLast(({ n }) => n !== null)?.at ?? null, Date.now());
    const moderates = scene.reader.role.value !== 'reader';
    const shut = !moderates && (rules.closed || rules.readOnly) && (rules.closed ? words.why.closed : words.why.read_only);
    if (shut) return <p class="composer shut" role="status">{shut}</p>;
    return (
      <form class="composer">
        {moderates && <Waiting scene={scene} />}
        <Purpose scene={scene} />
        {callees.length > 0 && <CallList label={words.mention} callees={callees} chosen={chosen} take={this.#take} />}
        <button type="button" class="me" onClick={() => { scene.sheet.value = { t: 'profile' }; }} title={`${words.profile}: ${nick}`}>
          <Avatar name={avatar ?? ''} seed={author.value} />
        </button>
        <textarea
          ref={this.#area}
          rows={1}
          value={text}
          placeholder={hintOf(rules, words)}
          aria-label={words.write}
          aria-autocomplete="list"
          aria-controls={callees.length > 0 ? 'calls' : undefined}
          aria-activedescendant={callees.length > 0 ? `call-${chosen}` : undefined}
          enterkeyhint="send"
          onInput={({ currentTarget }) => this.#write(currentTarget)}
          {...ears}
        />
        {left <= TELL_LEFT && <output class={left < 0 ? 'left over' : 'left'}>{left}</output>}
        <button type="button" class="send" onClick={this.#send} aria-label={waits > 0 ? words.later(String(waits)) : words.send} disabled={text.trim() === '' || left < 0 || waits > 0}>
          {waits > 0 ? waits : <Icon d="M12 19V5M5.5 11.5 12 5l6.5 6.5" />}
        </button>
      </form>
    );
  }
}

/** What is asked of whoever writes here, in a few words. */
function hintOf({ slow, emojiOnly, hold }: Rules, words: Writing): string {
  return emojiOnly ? words.emojiOnly : hold ? words.waits : slow ? words.slowly(slow) : words.write;
}

/** That something waits for who moderates here, and the way to it. */
class Waiting extends Component<Props> {
  #leave: (() => void) | undefined;

  override componentDidMount(): void {
    this.#leave = watchDesk(this.props.scene, () => this.forceUpdate());
  }

  override componentWillUnmount(): void {
    this.#leave?.();
  }

  override render({ scene }: Props) {
    const { waiting, reported } = readDesk() ?? { waiting: [], reported: [] };
    const count = waiting.length + reported.length;
    const words = writing[scene.config.value.lang];
    return count > 0 && <button type="button" class="waiting" onClick={() => { scene.sheet.value = { t: 'pair' }; }}>{words.desk(count)}</button>;
  }
}

const PENCIL = 'm5 19 .8-3.6L16 5.2a1.8 1.8 0 0 1 2.8 2.8L8.6 18.2z';

/** What is being written, when it is not simply a message. */
function Purpose({ scene }: Props) {
  const { editing, replying } = scene;
  const words = { ...scene.words(), ...writing[scene.config.value.lang] };
  const row = replying.value === null ? null : scene.message(replying.value);
  if (!editing.value && !row) return null;
  return (
    <p class="purpose">
      <Icon d={row ? REPLY : PENCIL} />
      <span><b>{row ? words.replyTo(row.nick) : words.editing}</b> {row?.text.slice(0, 140)}</span>
      <button type="button" onClick={scene.leave} aria-label={words.cancel}><Icon d={CROSS} /></button>
    </p>
  );
}

/** Counting letters costs: it is done only where they could have run out. */
function lettersLeft(text: string): number {
  const least = TEXT_MAX_GRAPHEMES - text.length;
  return least > TELL_LEFT ? least : TEXT_MAX_GRAPHEMES - countGraphemes(text.trim());
}
