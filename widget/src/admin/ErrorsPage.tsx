import { Component } from 'preact';
import { tellCount } from '../ui/time.ts';
import { ask } from './api.ts';
import { pageWords } from './page-words.ts';
import { when } from './when.ts';

type Group = { source: 'server' | 'widget'; code: string; version: string; at: string; count: number; firstAt: number; lastAt: number };
type Props = { lang: 'ko' | 'en' };
type State = { errors: readonly Group[] | null; away: boolean };

const LOOK_EVERY_MS = 5_000;

/** What went wrong in server and widgets, what was last seen first. */
export class ErrorsPage extends Component<Props, State> {
  override state: State = { errors: null, away: false };
  #timer: ReturnType<typeof setInterval> | undefined;

  override componentDidMount(): void {
    void this.#look();
    this.#timer = setInterval(() => { if (!document.hidden) void this.#look(); }, LOOK_EVERY_MS);
  }

  override componentWillUnmount(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const answer = await ask<{ errors: Group[] }>('GET', '/errors');
    this.setState(answer.ok ? { errors: answer.body.errors, away: false } : { away: true });
  }

  override render({ lang }: Props, { errors, away }: State) {
    const { away: gone, errors: say, tabs } = pageWords[lang];
    return (
      <section>
        <h2>{tabs.errors}</h2>
        <p class="hint">{say.hint}</p>
        {away && <p class="hint danger" role="alert">{gone}</p>}
        {errors?.length === 0 && <p class="none">{say.none}</p>}
        <ul>
          {(errors ?? []).map(({ source, code, version, at, count, firstAt, lastAt }) => (
            <li key={`${source} ${code} ${version} ${at}`} class="fault">
              <span><code class="setting-name">{code}</code> <span class="chip">{say.source[source]}</span></span>
              <b>{say.times(tellCount(count, lang))}</b>
              <span class="hint">
                {at ? <code>{at}</code> : say.unplaced} · {say.version} <code>{version}</code><br />
                {say.last} {when(lastAt, lang)}{firstAt < lastAt && ` · ${say.first} ${when(firstAt, lang)}`}
              </span>
            </li>
          ))}
        </ul>
      </section>
    );
  }
}
