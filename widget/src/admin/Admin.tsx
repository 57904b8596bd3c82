import { Component } from 'preact';
import { ask, type Holder, key } from './api.ts';
import { Pairing } from './Pairing.tsx';
import { Pages } from './Pages.tsx';
import { reach } from './reach.ts';
import { words } from './words.ts';

type Props = { lang: 'ko' | 'en'; invitation: string | null; opener: Window | null };
type State = { who: Holder | null; at: 'looking' | 'spent' | 'lost' | 'away' | 'wrong' | 'in'; token: string };

/** Our own page: the only place where an invitation, a token or a code is ever entered. */
export class Admin extends Component<Props, State> {
  override state: State = { who: null, at: 'looking', token: '' };

  override componentDidMount(): void {
    const { invitation } = this.props;
    if (invitation) void this.#redeem({ invitation }, null, 'spent');
    else void this.#look();
  }

  #look = async (): Promise<void> => {
    if (key.read() === null) return this.setState({ at: 'lost' });
    const answer = await ask<Holder>('GET', '/me');
    if (answer.ok) this.setState({ who: answer.body, at: 'in' });
    else this.setState({ at: answer.status === 401 ? 'lost' : 'away' });
  };

  async #redeem(body: object, bearer: string | null, otherwise: 'spent' | 'wrong'): Promise<void> {
    const answer = await ask<Holder & { key: string }>('POST', '/keys', body, bearer);
    if (!answer.ok) return this.setState({ at: answer.status === 401 ? otherwise : 'away' });
    key.write(answer.body.key);
    this.setState({ who: answer.body, at: 'in', token: '' });
  }

  #enter = (event: Event): void => {
    event.preventDefault();
    void this.#redeem({}, this.state.token.trim(), 'wrong');
  };

  #leave = (): void => {
    key.write(null);
    this.setState({ who: null, at: 'lost' });
  };

  override render({ lang, opener }: Props, { who, at, token }: State) {
    const say = words[lang];
    if (at === 'looking') return <main><h1>{say.title}</h1><p class="hint" role="status">{say.redeeming}</p></main>;
    if (!who) {
      return (
        <main>
          <h1>{say.title}</h1>
          <p class="hint" role="status">{at === 'spent' ? say.spent : at === 'away' ? say.away : at === 'wrong' ? say.tokenWrong : say.lost}</p>
          {at === 'away'
            ? <button type="button" class="go" onClick={this.#look}>{say.again}</button>
            : (
              <form onSubmit={this.#enter}>
                <label class="field"><span>{say.token}</span><input type="password" autocomplete="off" value={token} onInput={({ currentTarget }) => this.setState({ token: currentTarget.value })} /></label>
                <button type="submit" class="go" disabled={token.trim() === ''}>{say.enter}</button>
              </form>
            )}
        </main>
      );
    }
    return (
      <main>
        <header>
          <h1>{say.title}</h1>
          <p class="who"><b>{say.hello(who.name)}</b> <span class="chip">{say[who.role]}</span> <span class="hint">{reach(who, lang)}</span></p>
        </header>
        {opener ? <Pairing lang={lang} opener={opener} /> : <Pages lang={lang} who={who} />}
        <button type="button" class="plain" onClick={this.#leave}>{say.signOut}</button>
      </main>
    );
  }
}
