import { Component } from 'preact';
import { ask, pathOf } from './api.ts';
import { pageWords } from './page-words.ts';
import { roomRoute } from './route.ts';
import { tell } from './told.ts';
import { when } from './when.ts';

type Deed = { id: number; at: number; by: string | null; action: string; site: string; room: string | null; detail: Record<string, unknown>; undone: boolean };
type Props = { lang: 'ko' | 'en' };
/** What the server undoes, and for how long unless it was told otherwise. */
const UNDOABLE: ReadonlySet<string> = new Set(['remove', 'ban', 'mute']);
const UNDO_WITHIN_MS = 24 * 3_600_000;
type State = { audit: readonly Deed[] | null; next: number | null };

/** What was done, by whom and where. Nobody can change it. */
export class AuditPage extends Component<Props, State> {
  override state: State = { audit: null, next: null };

  override componentDidMount(): void {
    void this.#look();
  }

  async #look(before?: number): Promise<void> {
    const answer = await ask<{ audit: Deed[]; next: number | null }>('GET', `/audit${before === undefined ? '' : `?before=${before}`}`);
    if (answer.ok) this.setState({ audit: before === undefined ? answer.body.audit : [...(this.state.audit ?? []), ...answer.body.audit], next: answer.body.next });
  }

  async #undo({ id, site, room }: Deed): Promise<void> {
    const say = pageWords[this.props.lang];
    const answer = await ask('POST', pathOf(room ?? '', site, 'acts'), { t: 'mod', do: 'undo', of: id });
    tell(answer.ok ? say.undone : say.failed);
    void this.#look();
  }

  override render({ lang }: Props, { audit, next }: State) {
    const say = pageWords[lang];
    return (
      <section>
        {audit?.length === 0 && <p class="hint">{say.auditEmpty}</p>}
        <ul>
          {(audit ?? []).map((deed) => {
            const { id, at, by, action, site, room, detail, undone } = deed;
            return (
              <li key={id}>
                <span>
                  <b>{by ?? say.shieldDid}</b> {say.acts[action] ?? action} {undone && <span class="chip">{say.undoneMark}</span>}<br />
                  <span class="hint">{when(at, lang)}{room && <> · <a href={roomRoute(room, site)}>{room}</a></>}{typeof detail.n === 'number' && ` · #${detail.n}`}{typeof detail.reason === 'string' && ` · ${detail.reason}`}</span>
                </span>
                {UNDOABLE.has(action) && !undone && room && Date.now() - at < UNDO_WITHIN_MS && <button type="button" class="plain" onClick={() => void this.#undo(deed)}>{say.undo}</button>}
              </li>
            );
          })}
        </ul>
        {next !== null && <button type="button" class="plain" onClick={() => void this.#look(next)}>{say.more}</button>}
      </section>
    );
  }
}
