import { Component } from 'preact';
import { tellCount } from '../ui/time.ts';
import { ask } from './api.ts';
import { pageWords } from './page-words.ts';
import { roomRoute } from './route.ts';
import { when } from './when.ts';

type Room = { site: string; room: string; title: string | null; n: number; first: number; at: number; reported: number; waiting: number; recent: number; rules: { shield?: object; readOnly?: true; closed?: true }; stream?: object };
type Props = { lang: 'ko' | 'en' };
type State = { rooms: readonly Room[] | null; next: string | null; find: string; away: boolean };

const LOOK_EVERY_MS = 5_000;
const MINUTES = 5;

/** What asks for somebody stands first; looked at again every few seconds while the page is seen. */
export class RoomsPage extends Component<Props, State> {
  override state: State = { rooms: null, next: null, find: '', away: false };
  #timer: ReturnType<typeof setInterval> | undefined;
  /** More than one page is not taken away again by the next look. */
  #more = false;

  override componentDidMount(): void {
    void this.#look();
    this.#timer = setInterval(() => { if (!document.hidden && !this.#more) void this.#look(); }, LOOK_EVERY_MS);
  }

  override componentWillUnmount(): void {
    clearInterval(this.#timer);
  }

  async #look(after?: string): Promise<void> {
    const { find, rooms } = this.state;
    const answer = await ask<{ rooms: Room[]; next: string | null }>('GET', `/rooms?${new URLSearchParams({ ...(find.trim() && { find: find.trim() }), ...(after && { after }) })}`);
    if (find !== this.state.find) return;
    if (answer.ok) this.setState({ rooms: after ? [...(rooms ?? []), ...answer.body.rooms] : answer.body.rooms, next: answer.body.next, away: false });
    else this.setState({ away: true });
  }

  #find = (find: string): void => {
    this.#more = false;
    this.setState({ find }, () => void this.#look());
  };

  #goOn = (): void => {
    this.#more = true;
    if (this.state.next) void this.#look(this.state.next);
  };

  override render({ lang }: Props, { rooms, next, find, away }: State) {
    const say = pageWords[lang];
    return (
      <section>
        <input type="search" aria-label={say.find} placeholder={say.find} value={find} onInput={({ currentTarget }) => this.#find(currentTarget.value)} />
        {away && <p class="hint danger" role="alert">{say.away}</p>}
        {rooms?.length === 0 && <p class="hint">{say.none}</p>}
        <ul class="rooms">
          {(rooms ?? []).map(({ site, room, title, n, first, at, reported, waiting, recent, rules, stream }) => (
            <li key={`${site} ${room}`}>
              <a href={roomRoute(room, site)}>
                <b>{title ?? room}</b>
                <span class="hint">{site && `${site} · `}{title && `${room} · `}{say.messages(tellCount(n - first + 1, lang))} · {at ? when(at, lang) : say.never}</span>
              </a>
              <span class="chips">
                {reported > 0 && <span class="chip hot">{say.reported(reported)}</span>}
                {waiting > 0 && <span class="chip hot">{say.waiting(waiting)}</span>}
                {recent > 0 && <span class="chip">{say.rate((recent / MINUTES).toLocaleString(lang, { maximumFractionDigits: 1 }))}</span>}
                {rules.shield && <span class="chip hot">{say.shield}</span>}
                {stream && <span class="chip">{say.stream}</span>}
              </span>
            </li>
          ))}
        </ul>
        {next && <button type="button" class="plain" onClick={this.#goOn}>{say.more}</button>}
      </section>
    );
  }
}
