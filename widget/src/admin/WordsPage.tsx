import { Component } from 'preact';
import { ask } from './api.ts';
import { pageWords } from './page-words.ts';
import { tell } from './told.ts';

type Lists = { blocked: string[]; allowed: string[]; standard: boolean };
type Props = { lang: 'ko' | 'en'; site: string };
type State = { blocked: string; allowed: string; standard: boolean; known: boolean; wrong: boolean };

/** What a site lets nobody say. */
export class WordsPage extends Component<Props, State> {
  override state: State = { blocked: '', allowed: '', standard: true, known: false, wrong: false };

  override componentDidMount(): void {
    void this.#look();
  }

  #at(): string {
    return `/words?${new URLSearchParams({ site: this.props.site })}`;
  }

  async #look(): Promise<void> {
    const answer = await ask<Lists>('GET', this.#at());
    if (answer.ok) this.setState({ blocked: answer.body.blocked.join('\n'), allowed: answer.body.allowed.join('\n'), standard: answer.body.standard, known: true });
  }

  #save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { blocked, allowed, standard } = this.state;
    const say = pageWords[this.props.lang];
    const answer = await ask('PUT', this.#at(), { blocked: linesOf(blocked), allowed: linesOf(allowed), standard });
    this.setState({ wrong: !answer.ok && answer.status === 400 });
    if (answer.ok || answer.status !== 400) tell(answer.ok ? say.saved : say.failed);
  };

  override render({ lang }: Props, { blocked, allowed, standard, known, wrong }: State) {
    const say = pageWords[lang];
    return (
      <section>
        <p class="hint">{say.wordsHint}</p>
        <form onSubmit={this.#save}>
          <label class="field"><span>{say.blocked} ({say.onePerLine})</span><textarea rows={8} disabled={!known} value={blocked} aria-invalid={wrong} onInput={({ currentTarget }) => this.setState({ blocked: currentTarget.value, wrong: false })} /></label>
          <label class="field"><span>{say.allowed} ({say.onePerLine})</span><textarea rows={4} disabled={!known} value={allowed} aria-invalid={wrong} onInput={({ currentTarget }) => this.setState({ allowed: currentTarget.value, wrong: false })} /></label>
          {wrong && <p class="hint danger" role="alert">{say.wordsWrong}</p>}
          <label class="tick"><input type="checkbox" disabled={!known} checked={standard} onChange={({ currentTarget }) => this.setState({ standard: currentTarget.checked })} /><span>{say.standard}</span></label>
          <button type="submit" class="go" disabled={!known}>{say.save}</button>
        </form>
      </section>
    );
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean);
}
