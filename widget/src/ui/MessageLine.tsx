import { Component } from 'preact';
import { addressOf } from './address.ts';
import { Avatar } from './Avatar.tsx';
import { differ } from './differ.ts';
import type { Message } from './items.ts';
import { findLinks } from './links.ts';
import type { Scene } from './scene.ts';
import { tellTime } from './time.ts';
import type { Lang } from './words/words.ts';

type Props = { message: Message; scene: Scene; lang: Lang };

/** One message. A busy room draws its list many times a second: only what changed is drawn again. */
export class MessageLine extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return next.lang !== this.props.lang || (next.message !== this.props.message && differ(next.message, this.props.message));
  }

  override render({ message, scene, lang }: Props) {
    return message.mine ? <Mine message={message} scene={scene} lang={lang} /> : <Theirs message={message} lang={lang} />;
  }
}

function Theirs({ message, lang }: Pick<Props, 'message' | 'lang'>) {
  const { opens, author, avatar, nick, tag, at } = message;
  return (
    <div class={opens ? 'line theirs opens' : 'line theirs'} data-n={message.n}>
      {opens && <Avatar name={avatar} seed={author} />}
      <div class="said">
        <p class={opens ? 'who' : 'who unseen'}>
          <b>{nick}</b>
          {tag && <span class="tag">{tag}</span>}
          {opens && <Time n={message.n} at={at} lang={lang} />}
        </p>
        <Text text={message.text} />
      </div>
    </div>
  );
}

function Mine({ message, scene, lang }: Props) {
  const { opens, closes, state } = message;
  return (
    <div class={`line mine ${state?.at ?? ''}${opens ? ' opens' : ''}`} data-n={message.n}>
      <p class="unseen">{scene.words().me}</p>
      <Text text={message.text} />
      {closes && <Fate message={message} scene={scene} lang={lang} />}
    </div>
  );
}

function Text({ text }: { text: string }) {
  return (
    <p class="text">
      {findLinks(text).map((piece) => (piece.href ? <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">{piece.text}</a> : piece.text))}
    </p>
  );
}

function Time({ n, at, lang }: { n: number | null; at: number; lang: Lang }) {
  const time = <time dateTime={new Date(at).toISOString()}>{tellTime(at, lang)}</time>;
  return n === null ? time : <a class="at" href={addressOf(n)}>{time}</a>;
}

/** What became of it, below the last of a group: a time, a wait, or a hand that is needed. */
function Fate({ message: { key, n, text, state, at }, scene, lang }: Props) {
  const { store, focus } = scene;
  const words = scene.words();
  if (!state || state.at === 'sent') return <p class="fate"><Time n={n} at={at} lang={lang} /></p>;
  if (state.at !== 'failed') return <p class="fate">{state.at === 'held' ? words.held : words.sending}</p>;
  const rewrite = () => {
    scene.write([scene.draft.value, text].filter(Boolean).join('\n'));
    store.discard(key);
    focus.value += 1;
  };
  return (
    <p class="fate" role="alert">
      {state.why === 'old' ? words.maybeUnsent : words.why[state.why] ?? words.unsent}
      <button type="button" onClick={() => store.retry(key)}>{words.retry}</button>
      <button type="button" onClick={rewrite}>{words.rewrite}</button>
    </p>
  );
}
