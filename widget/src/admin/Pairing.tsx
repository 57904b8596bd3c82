import { Component } from 'preact';
import { ask, type Waiting } from './api.ts';
import { words } from './words.ts';

type Props = { lang: 'ko' | 'en'; opener: Window | null };
type State = { code: string; waiting: Waiting | null; at: 'asking' | 'nobody' | 'sure' | 'done' };

/** Lets a frame in. It is named, with its blog and the age of its code, before anybody says yes. */
export class Pairing extends Component<Props, State> {
  override state: State = { code: '', waiting: null, at: 'asking' };

  override componentDidMount(): void {
    const { opener } = this.props;
    if (!opener) return;
    addEventListener('message', ({ source, origin, data }) => {
      // The frame that opened us is a page of ours; nobody else can say which code it is.
      const code = data?.aside?.pair;
      if (source === opener && origin === location.origin && typeof code === 'string' && code.length === 6) void this.#look(code);
    });
    opener.postMessage({ aside: { pair: 'ask' } }, location.origin);
  }

  async #look(code: string): Promise<void> {
    const answer = await ask<Waiting>('GET', `/pairings/${encodeURIComponent(code)}`);
    this.setState(answer.ok ? { code, waiting: answer.body, at: 'sure' } : { code, at: 'nobody' });
  }

  #admit = async (): Promise<void> => {
    const { opener } = this.props;
    const answer = await ask('POST', `/pairings/${encodeURIComponent(this.state.code)}`);
    this.setState({ at: answer.ok ? 'done' : 'nobody' });
    if (!answer.ok || !opener) return;
    opener.postMessage({ aside: { pair: 'done' } }, location.origin);
    close();
  };

  override render({ lang }: Props, { code, waiting, at }: State) {
    const say = words[lang];
    if (at === 'sure' && waiting) {
      return (
        <section class="sure" aria-live="polite">
          <h2>{say.ask}</h2>
          <dl>
            <dt>{say.room}</dt><dd>{waiting.room}</dd>
            {waiting.site !== '' && <><dt>{say.site}</dt><dd>{waiting.site}</dd></>}
            <dt>{say.blog}</dt><dd>{waiting.blog}</dd>
            <dt>{say.age}</dt><dd>{say.ago(Math.max(0, Math.round((waiting.now - waiting.at) / 1_000)))}</dd>
          </dl>
          <p class="hint">{say.pairWarn}</p>
          <p class="row"><button type="button" class="plain" onClick={() => this.setState({ at: 'asking', code: '' })}>{say.no}</button><button type="button" class="go" onClick={this.#admit}>{say.yes}</button></p>
        </section>
      );
    }
    return (
      <section>
        <h2>{say.pairTitle}</h2>
        <p class="hint" role="status">{at === 'done' ? say.paired : at === 'nobody' ? say.nobody : say.pairHint}</p>
        <form class="row" onSubmit={(event) => { event.preventDefault(); void this.#look(code.trim()); }}>
          <input class="code" aria-label={say.code} placeholder={say.code} maxLength={6} autocomplete="off" autocapitalize="characters" spellcheck={false} value={code} onInput={({ currentTarget }) => this.setState({ code: currentTarget.value.toUpperCase(), at: 'asking' })} />
          <button type="submit" class="go" disabled={code.trim().length !== 6}>{say.look}</button>
        </form>
      </section>
    );
  }
}
