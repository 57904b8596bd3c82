import { Component } from 'preact';
import { ask } from './api.ts';
import { pageWords } from './page-words.ts';

type Finding = { look: string; ok: boolean | null; about?: string };
type Props = { lang: 'ko' | 'en' };
type State = { url: string; findings: readonly Finding[] | null; looking: boolean; wrong: boolean };

/** Says in words what is wrong with an embed. */
export class DoctorPart extends Component<Props, State> {
  override state: State = { url: '', findings: null, looking: false, wrong: false };

  #look = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.setState({ looking: true, findings: null, wrong: false });
    const answer = await ask<{ findings: Finding[] }>('POST', '/doctor', { url: this.state.url.trim() });
    this.setState(answer.ok ? { looking: false, findings: answer.body.findings } : { looking: false, wrong: true });
  };

  override render({ lang }: Props, { url, findings, looking, wrong }: State) {
    const { doctor: say } = pageWords[lang];
    return (
      <section>
        <h2>{say.title}</h2>
        <p class="hint">{say.hint}</p>
        <form class="row" onSubmit={this.#look}>
          <input type="url" aria-label={say.url} placeholder="https://blog.example/post" value={url} aria-invalid={wrong} onInput={({ currentTarget }) => this.setState({ url: currentTarget.value, wrong: false })} />
          <button type="submit" class="go" disabled={looking || url.trim() === ''}>{say.look}</button>
        </form>
        {wrong && <p class="hint danger" role="alert">{say.badUrl}</p>}
        {findings && (
          <ul aria-live="polite">
            {findings.map(({ look, ok, about }) => (
              <li key={look} class="finding">
                <span class={ok === false ? 'mark danger' : 'mark'} aria-hidden="true">{ok === null ? '–' : ok ? '✓' : '✗'}</span>
                <span><b>{say.looks[look]?.name ?? look}</b>{ok === null && <span class="hint"> {say.unseen}</span>}{ok === false && <><br /><span class="hint">{say.looks[look]?.wrong}{about && <> <code>{about}</code></>}</span></>}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
    );
  }
}
