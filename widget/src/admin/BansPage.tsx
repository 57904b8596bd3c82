import { Component } from 'preact';
import { ask, pathOf } from './api.ts';
import { pageWords } from './page-words.ts';
import { roomRoute } from './route.ts';
import { tell } from './told.ts';
import { when } from './when.ts';

type Ban = { id: number; act: number; site: string; room: string | null; doneIn: string | null; who: string; nick: string | null; until: number | null; mute: boolean; network: boolean; reason: string | null; at: number };
type Props = { lang: 'ko' | 'en' };
type State = { bans: readonly Ban[] | null; next: number | null };

/** Who may not write now. */
export class BansPage extends Component<Props, State> {
  override state: State = { bans: null, next: null };

  override componentDidMount(): void {
    void this.#look();
  }

  async #look(before?: number): Promise<void> {
    const answer = await ask<{ bans: Ban[]; next: number | null }>('GET', `/bans${before === undefined ? '' : `?before=${before}`}`);
    if (answer.ok) this.setState({ bans: before === undefined ? answer.body.bans : [...(this.state.bans ?? []), ...answer.body.bans], next: answer.body.next });
  }

  async #lift({ site, room, doneIn, who }: Ban): Promise<void> {
    const say = pageWords[this.props.lang];
    const answer = await ask('POST', pathOf(room ?? doneIn ?? '', site, 'acts'), { t: 'mod', do: 'unban', who });
    tell(answer.ok ? say.lifted : say.failed);
    void this.#look();
  }

  override render({ lang }: Props, { bans, next }: State) {
    const say = pageWords[lang];
    return (
      <section>
        {bans?.length === 0 && <p class="hint">{say.bansEmpty}</p>}
        <ul>
          {(bans ?? []).map((ban) => (
            <li key={ban.id}>
              <span>
                <b>{ban.nick ?? ban.who}</b> <span class="chip">{ban.mute ? say.isMute : say.isBan}</span>{ban.network && <> <span class="chip">{say.network}</span></>}<br />
                <span class="hint">{ban.room === null ? say.allOfSite : <a href={roomRoute(ban.room, ban.site)}>{ban.room}</a>} · {ban.until === null ? say.forGood : say.until(when(ban.until, lang))}{ban.reason && ` · ${ban.reason}`}</span>
              </span>
              <button type="button" class="plain" onClick={() => void this.#lift(ban)}>{say.lift}</button>
            </li>
          ))}
        </ul>
        {next !== null && <button type="button" class="plain" onClick={() => void this.#look(next)}>{say.more}</button>}
      </section>
    );
  }
}
