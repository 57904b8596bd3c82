import { Component } from 'preact';
import { ask, type Listed } from './api.ts';
import { reach } from './reach.ts';
import { words } from './words.ts';

type Props = { lang: 'ko' | 'en' };
type State = { all: readonly Listed[]; name: string; room: string; link: string | null; copied: boolean; wrong: boolean; revoking: number | null };

/** Who moderates; inviting, and taking rights away. */
export class People extends Component<Props, State> {
  override state: State = { all: [], name: '', room: '', link: null, copied: false, wrong: false, revoking: null };

  override componentDidMount(): void {
    void this.#list();
  }

  #list = async (): Promise<void> => {
    const answer = await ask<{ moderators: Listed[] }>('GET', '/moderators');
    if (answer.ok) this.setState({ all: answer.body.moderators });
  };

  #invite = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { name, room } = this.state;
    const answer = await ask<{ invitation: string }>('POST', '/moderators', { name: name.trim(), ...(room.trim() && { room: room.trim() }) });
    this.setState(answer.ok ? { link: answer.body.invitation, copied: false, wrong: false, name: '', room: '' } : { wrong: true });
    void this.#list();
  };

  #revoke = async (id: number): Promise<void> => {
    await ask('DELETE', `/moderators/${id}`);
    this.setState({ revoking: null });
    void this.#list();
  };

  override render({ lang }: Props, { all, name, room, link, copied, wrong, revoking }: State) {
    const say = words[lang];
    return (
      <section>
        <h2>{say.people}</h2>
        <ul>
          {all.map((one) => (
            <li key={one.id}>
              <span><b>{one.name}</b> <span class="chip">{say[one.role]}</span><br /><span class="hint">{one.invitedUntil === null ? reach(one, lang) : `${reach(one, lang)} · ${say.waiting}`}</span></span>
              {one.role === 'moderator' && revoking !== one.id && <button type="button" class="plain danger" onClick={() => this.setState({ revoking: one.id })}>{say.revoke}</button>}
              {revoking === one.id && (
                <p class="sure" role="alert">
                  <span>{say.sure(one.name)}</span>
                  <button type="button" class="plain" onClick={() => this.setState({ revoking: null })}>{say.cancel}</button>
                  <button type="button" class="go danger" onClick={() => void this.#revoke(one.id)}>{say.revoke}</button>
                </p>
              )}
            </li>
          ))}
        </ul>
        <form onSubmit={this.#invite}>
          <h3>{say.invite}</h3>
          <label class="field"><span>{say.name}</span><input value={name} maxLength={30} autocomplete="off" aria-invalid={wrong} onInput={({ currentTarget }) => this.setState({ name: currentTarget.value, wrong: false })} /></label>
          {wrong && <p class="hint danger" role="alert">{say.badName}</p>}
          <label class="field"><span>{say.whereRoom}</span><input value={room} placeholder={say.whereAll} autocomplete="off" onInput={({ currentTarget }) => this.setState({ room: currentTarget.value })} /></label>
          <button type="submit" class="go" disabled={name.trim() === ''}>{say.make}</button>
        </form>
        {link && (
          <div class="link" role="status">
            <h3>{say.link}</h3>
            <p class="row"><input readOnly value={link} aria-label={say.link} onFocus={({ currentTarget }) => currentTarget.select()} /><button type="button" class="plain" onClick={() => void navigator.clipboard?.writeText(link).then(() => this.setState({ copied: true }))}>{copied ? say.copied : say.copy}</button></p>
            <p class="hint">{say.linkHint}</p>
          </div>
        )}
      </section>
    );
  }
}
