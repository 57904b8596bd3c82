import { Component } from 'preact';
import { ask, pathOf } from './api.ts';
import { DeskPart } from './DeskPart.tsx';
import { FilesPart } from './FilesPart.tsx';
import { pageWords } from './page-words.ts';
import { chatOf, embedRoute } from './route.ts';
import { StreamPart } from './StreamPart.tsx';
import { tell } from './told.ts';
import { when } from './when.ts';

export type Row = { n: number; author: string; nick: string; text: string; at: number; pin?: true; extra?: { role?: string } };
type Act = { t: 'delete'; n: number } | ({ t: 'mod'; do: string } & Record<string, unknown>);
type Props = { lang: 'ko' | 'en'; room: string; site: string; owner: boolean };
type State = { rows: readonly Row[]; next: number | null; text: string; author: { id: string; nick: string } | null; looked: boolean };

const MUTE_S = 600;

/** One room: what waits, its messages by words or person, its stream. */
export class RoomPage extends Component<Props, State> {
  override state: State = { rows: [], next: null, text: '', author: null, looked: false };

  override componentDidMount(): void {
    void this.#look();
  }

  async #look(before?: number): Promise<void> {
    const { room, site } = this.props;
    const { text, author, rows } = this.state;
    const answer = await ask<{ rows: Row[]; next: number | null }>('GET', pathOf(room, site, 'search', { ...(text.trim() && { text: text.trim() }), ...(author && { author: author.id }), ...(before !== undefined && { before: String(before) }) }));
    // What was typed meanwhile is looked for already.
    if (!answer.ok || text !== this.state.text || author !== this.state.author) return;
    this.setState({ rows: before === undefined ? answer.body.rows : [...rows, ...answer.body.rows], next: answer.body.next, looked: true });
  }

  #ask(change: Partial<State>): void {
    this.setState(change, () => void this.#look());
  }

  /** Does it, says so, and has it undone by the hand that did it. */
  do = async (act: Act, done: string): Promise<void> => {
    const { room, site, lang } = this.props;
    const say = pageWords[lang];
    const answer = await ask<{ act?: number }>('POST', pathOf(room, site, 'acts'), act);
    const of = answer.ok ? answer.body.act : undefined;
    const undo = of === undefined || (act.t === 'mod' && act.do === 'undo') ? undefined : { label: say.undo, do: () => void this.do({ t: 'mod', do: 'undo', of }, say.undone) };
    tell(answer.ok ? done : say.failed, undo);
    void this.#look();
  };

  override render({ lang, room, site, owner }: Props, { rows, next, text, author, looked }: State) {
    const say = pageWords[lang];
    return (
      <>
        <p class="row between"><a class="plain link-button" href="#rooms">← {say.back}</a><span class="row-end"><a class="plain link-button" href={embedRoute(room, site)}>{say.tabs.embed}</a><a class="go" href={chatOf(room, site)}>{say.openChat}</a></span></p>
        <h2 class="title">{room}</h2>
        <DeskPart lang={lang} room={room} site={site} act={this.do} />
        <section>
          <h2>{say.search}</h2>
          <input type="search" aria-label={say.searchHint} placeholder={say.searchHint} value={text} onInput={({ currentTarget }) => this.#ask({ text: currentTarget.value })} />
          {author && <p class="row between"><span class="chip">{say.author(author.nick)}</span><button type="button" class="plain" onClick={() => this.#ask({ author: null })}>{say.clear}</button></p>}
          {looked && rows.length === 0 && <p class="hint">{say.nothing}</p>}
          <ul>
            {rows.map((row) => (
              <li key={row.n} class="case">
                <details>
                  <summary>
                    <span class="who"><b>{row.nick}</b><span class="hint">#{row.n} · {when(row.at, lang)}</span></span>
                    <span class="said">{row.text}</span>
                  </summary>
                  <p class="row wrap">
                    {author === null && <button type="button" class="plain" onClick={() => this.#ask({ author: { id: row.author, nick: row.nick } })}>{say.onlyTheirs}</button>}
                    <button type="button" class="plain" onClick={() => void this.do({ t: 'delete', n: row.n }, say.taken)}>{say.take}</button>
                    <button type="button" class="plain" onClick={() => void this.do({ t: 'mod', do: 'mute', who: row.author, seconds: MUTE_S }, say.muted(row.nick))}>{say.mute}</button>
                    <button type="button" class="plain danger" onClick={() => void this.do({ t: 'mod', do: 'ban', who: row.author }, say.banned(row.nick))}>{say.ban}</button>
                  </p>
                </details>
              </li>
            ))}
          </ul>
          {next !== null && <button type="button" class="plain" onClick={() => void this.#look(next)}>{rows.length === 0 ? say.goOn : say.more}</button>}
        </section>
        {owner && <StreamPart lang={lang} room={room} site={site} />}
        <FilesPart lang={lang} room={room} site={site} owner={owner} imported={() => void this.#look()} />
      </>
    );
  }
}
