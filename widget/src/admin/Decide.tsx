import { Component } from 'preact';
import { ask } from './api.ts';
import { hookWords } from './hook-words.ts';
import { chatOf } from './route.ts';
import { words } from './words.ts';

type Done = { did: 'approve' | 'refuse'; nick: string; text: string; site: string; room: string };
type Props = { lang: 'ko' | 'en'; token: string };
type State = { at: 'deciding' | 'done' | 'decided' | 'expired' | 'away'; done: Done | null };

/** Where a link in a chat leads: it decides when a person has opened it, and never because something fetched it. */
export class Decide extends Component<Props, State> {
  override state: State = { at: 'deciding', done: null };

  override componentDidMount(): void {
    document.addEventListener('visibilitychange', this.#begin);
    this.#begin();
  }

  override componentWillUnmount(): void {
    document.removeEventListener('visibilitychange', this.#begin);
  }

  /** A page that a browser only made ready, in case somebody comes, is not visible yet. */
  #begin = (): void => {
    if (document.visibilityState !== 'visible') return;
    document.removeEventListener('visibilitychange', this.#begin);
    void this.#decide();
  };

  #decide = async (): Promise<void> => {
    this.setState({ at: 'deciding' });
    const answer = await ask<Done>('POST', '/held', { token: this.props.token }, null);
    if (answer.ok) this.setState({ at: 'done', done: answer.body });
    else this.setState({ at: answer.status === 401 ? 'expired' : answer.status === 404 || answer.status === 409 ? 'decided' : 'away' });
  };

  override render({ lang }: Props, { at, done }: State) {
    const say = hookWords[lang];
    return (
      <main>
        <h1>{words[lang].title}</h1>
        <section>
          <p role="status"><b>{at === 'done' ? done && say.did[done.did] : say[at]}</b></p>
          {done && <blockquote><p class="hint">{done.nick} · {done.room}</p><p>{done.text}</p></blockquote>}
          {done && <a class="link-button plain" href={chatOf(done.room, done.site)}>{say.room}</a>}
          {at === 'away' && <button type="button" class="go" onClick={this.#decide}>{say.again}</button>}
        </section>
      </main>
    );
  }
}
