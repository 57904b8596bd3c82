import { Component } from 'preact';
import type { Reaction } from '../state/overlay.ts';
import { addressOf } from './address.ts';
import { Avatar } from './Avatar.tsx';
import { differ } from './differ.ts';
import { isEmojiOnly } from './emoji.ts';
import type { Message } from './items.ts';
import { findLinks } from './links.ts';
import { Quote } from './Quote.tsx';
import type { Scene } from './scene.ts';
import { tellTime } from './time.ts';
import type { Lang } from './words/words.ts';

type Props = { message: Message; scene: Scene; lang: Lang };
/** `places`: the reactions in the order in which they stand. */
type Drawn = Props & { places: Set<string> };

/**
 * One message. A busy room draws its list many times a second: only what changed is drawn again.
 * It carries no handlers: what hands do to any of the lines is heard in one place (`hands.tsx`).
 */
export class MessageLine extends Component<Props> {
  #places = new Set<string>();

  override shouldComponentUpdate(next: Props): boolean {
    return next.lang !== this.props.lang || (next.message !== this.props.message && differ(next.message, this.props.message));
  }

  override render(props: Props) {
    const drawn = { ...props, places: this.#places };
    return props.message.mine ? <Mine {...drawn} /> : <Theirs {...drawn} />;
  }
}

function Theirs(props: Drawn) {
  const { opens, author, avatar, nick, tag, calls, role } = props.message;
  return (
    <div class={`line theirs${opens ? ' opens' : ''}${calls ? ' named' : ''}${marks(props.message)}`} data-n={props.message.n} tabIndex={-1}>
      {opens && <Avatar name={avatar} seed={author} />}
      <div class="said">
        <p class={opens ? 'who' : 'who unseen'}>
          <b class={role as string}>{nick}</b>
          {tag && <span class="tag">{tag}</span>}
          {opens && <Time {...props} />}
        </p>
        <Body {...props} />
      </div>
    </div>
  );
}

/** What a moderator put on it. */
function marks({ pinned, answered }: Message): string {
  return (pinned ? ' pinned' : '') + (answered ? ' answered' : '');
}

function Mine(props: Drawn) {
  const { opens, closes, state, unsaved, n } = props.message;
  return (
    <div class={`line mine ${state?.at ?? ''}${opens ? ' opens' : ''}${marks(props.message)}`} data-n={n} tabIndex={-1}>
      <p class="unseen">{props.scene.words().me}</p>
      <Body {...props} />
      {(closes || state || unsaved) && <Fate {...props} />}
    </div>
  );
}

function Body({ message, scene, places }: Drawn) {
  const { re, quote, text, edited, reactions } = message;
  const words = scene.words();
  return (
    <>
      {re !== null && <Quote scene={scene} n={re} row={quote} />}
      <p class={isEmojiOnly(text) ? 'text big' : 'text'}>
        {findLinks(text).map((piece) => (piece.href ? <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">{piece.text}</a> : piece.text))}
        {edited && <small> {words.edited}</small>}
      </p>
      {reactions.length > 0 && (
        <p class="signs" aria-live="off">
          {inPlace(reactions, places).map(({ emoji, count, own }) => (
            <button key={emoji} type="button" data-emoji={emoji} aria-pressed={own} aria-label={words.reacted(emoji, String(count))}>{emoji} <b>{count}</b></button>
          ))}
        </p>
      )}
    </>
  );
}

/** Most used first when the line is first drawn. From then on each stays where it is and new ones come last: none moves from under a pointer. */
function inPlace(reactions: readonly Reaction[], places: Set<string>): Reaction[] {
  for (const { emoji } of reactions.toSorted((a, b) => b.count - a.count)) places.add(emoji);
  return [...places].flatMap((emoji) => reactions.find((one) => one.emoji === emoji) ?? []);
}

function Time({ message: { at, n }, lang }: Pick<Props, 'message' | 'lang'>) {
  const time = <time dateTime={new Date(at).toISOString()}>{tellTime(at, lang)}</time>;
  return n === null ? time : <a class="at" href={addressOf(n)}>{time}</a>;
}

/** What became of it, below the last of a group: a time, a wait, or a hand that is needed. */
function Fate({ message, scene, lang }: Props) {
  const { key, text, state, unsaved } = message;
  const { store, focus } = scene;
  const words = scene.words();
  if (unsaved?.frame.t === 'edit') {
    const { cid, text } = unsaved.frame;
    return (
      <p class="fate wrong" role="alert">
        {words.unsaved}{unsaved.why && words.why[unsaved.why] ? ` · ${words.why[unsaved.why]}` : ''}
        <button type="button" onClick={() => { store?.undo(cid); scene.edit({ ...message, text }); }}>{words.rewrite}</button>
        <button type="button" onClick={() => store?.undo(cid)}>{words.cancel}</button>
      </p>
    );
  }
  if (!state || state.at === 'sent') return <p class="fate"><Time message={message} lang={lang} /></p>;
  if (state.at !== 'failed') return <p class="fate">{state.at === 'held' ? words.held : (state.why && words.why[state.why]) ?? words.sending}</p>;
  const rewrite = () => {
    scene.leave();
    scene.write([scene.draft.value, text].filter(Boolean).join('\n'));
    store?.discard(key);
    focus.value += 1;
  };
  return (
    <p class="fate" role="alert">
      {state.why === 'old' ? words.maybeUnsent : words.why[state.why] ?? words.unsent}
      <button type="button" onClick={() => store?.retry(key)}>{words.retry}</button>
      <button type="button" onClick={rewrite}>{words.rewrite}</button>
    </p>
  );
}
