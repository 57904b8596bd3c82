import { Component } from 'preact';
import { ask } from './api.ts';
import { type HookWords, hookWords, type Kind } from './hook-words.ts';
import { pageWords } from './page-words.ts';
import { tell } from './told.ts';
import { when } from './when.ts';

type Hook = { id: number; site: string | null; room: string | null; url: string; kind: Kind; events: string[]; lang: 'ko' | 'en'; offAt: number | null; waiting: number; dead: number; key: string };
type Late = { id: number; event: string; room: string; attempts: number; nextAt: number; deadAt: number | null; error: string | null };
type Props = { lang: 'ko' | 'en' };
type State = { hooks: readonly Hook[] | null; late: readonly Late[]; open: number | null; removing: number | null; url: string; kind: Kind; events: readonly string[]; room: string; told: 'ko' | 'en'; wrong: string | null };

const KINDS: readonly Kind[] = ['slack', 'discord', 'telegram', 'json'];
const EVENTS = ['message', 'report', 'held', 'ban', 'stream'] as const;
const USUAL = ['message', 'report', 'held'] as const;
const LOOK_EVERY_MS = 5_000;

/** Who is told of what happens, and what they were not told yet. */
export class HooksPage extends Component<Props, State> {
  override state: State = { hooks: null, late: [], open: null, removing: null, url: '', kind: 'slack', events: USUAL, room: '', told: this.props.lang, wrong: null };
  #timer: ReturnType<typeof setInterval> | undefined;

  override componentDidMount(): void {
    void this.#look();
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  override componentWillUnmount(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { open } = this.state;
    const [hooks, late] = await Promise.all([ask<{ webhooks: Hook[] }>('GET', '/webhooks'), open === null ? null : ask<{ deliveries: Late[] }>('GET', `/webhooks/${open}/deliveries`)]);
    if (hooks.ok) this.setState({ hooks: hooks.body.webhooks });
    if (late?.ok && open === this.state.open) this.setState({ late: late.body.deliveries });
  }

  #make = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { url, kind, events, room, told } = this.state;
    const answer = await ask<{ id: number }>('POST', '/webhooks', { url: url.trim(), kind, events, lang: told, ...(room.trim() && { room: room.trim() }) });
    if (!answer.ok) return this.setState({ wrong: answer.code });
    this.setState({ url: '', room: '', wrong: null });
    void this.#look();
  };

  #test = async (id: number): Promise<void> => {
    const say = hookWords[this.props.lang];
    const answer = await ask<{ ok: boolean; about: string }>('POST', `/webhooks/${id}/test`);
    tell(!answer.ok ? pageWords[this.props.lang].failed : answer.body.ok ? say.testOk : say.testFailed(whyOf(answer.body.about, say)));
  };

  #replay = async (id: number): Promise<void> => {
    const { lang } = this.props;
    const answer = await ask<{ again: number }>('POST', `/webhooks/${id}/replay`);
    tell(answer.ok ? hookWords[lang].replayed(answer.body.again) : pageWords[lang].failed);
    void this.#look();
  };

  #remove = async (id: number): Promise<void> => {
    const { lang } = this.props;
    const answer = await ask('DELETE', `/webhooks/${id}`);
    this.setState({ removing: null, open: null });
    tell(answer.ok ? hookWords[lang].removed : pageWords[lang].failed);
    void this.#look();
  };

  #toggle(id: number): void {
    this.setState(({ open }) => ({ open: open === id ? null : id, late: [], removing: null }), () => void this.#look());
  }

  override render({ lang }: Props, state: State) {
    const say = hookWords[lang];
    return (
      <>
        <section>
          <h2>{say.title}</h2>
          {state.hooks?.length === 0 && <p class="hint">{say.none}</p>}
          <ul>{state.hooks?.map((hook) => this.#hook(hook, say))}</ul>
        </section>
        <section>
          <h2>{say.add}</h2>
          <p class="hint">{say.hint}</p>
          {this.#form(say)}
        </section>
      </>
    );
  }

  #hook(hook: Hook, say: HookWords) {
    const { open, removing } = this.state;
    return (
      <li key={hook.id}>
        <span class="grows">
          <b>{say.kinds[hook.kind]} {hook.id}</b> <span class="hint">{hostOf(hook.url)}</span>
          {hook.offAt !== null && <> <span class="chip danger">{say.off}</span></>}{hook.waiting > 0 && <> <span class="chip">{say.waiting(hook.waiting)}</span></>}{hook.dead > 0 && <> <span class="chip danger">{say.dead(hook.dead)}</span></>}<br />
          <span class="hint">{[hook.site, hook.room ?? say.whereAll].filter(Boolean).join(' / ')} · {hook.events.map((one) => say.event[one]).join(', ')}</span>
        </span>
        <button type="button" class="plain" aria-expanded={open === hook.id} aria-label={`${say.more}: ${say.kinds[hook.kind]} ${hook.id}`} onClick={() => this.#toggle(hook.id)}>{say.more}</button>
        {open === hook.id && (
          <div class="inner">
            <p class="row">
              <button type="button" class="plain" onClick={() => void this.#test(hook.id)}>{say.test}</button>
              {(hook.dead > 0 || hook.offAt !== null) && <button type="button" class="plain" onClick={() => void this.#replay(hook.id)}>{say.replay}</button>}
              <button type="button" class="plain danger" onClick={() => this.setState({ removing: hook.id })}>{say.remove}</button>
            </p>
            {removing === hook.id && (
              <p class="sure" role="alert">
                <span>{say.sure}</span>
                <button type="button" class="plain" onClick={() => this.setState({ removing: null })}>{say.cancel}</button>
                <button type="button" class="go danger" onClick={() => void this.#remove(hook.id)}>{say.remove}</button>
              </p>
            )}
            {hook.kind === 'json' && <Secret name={say.key} value={hook.key} say={say} />}
            {this.state.late.length > 0 && (
              <>
                <h3>{say.late}</h3>
                <ul>{this.state.late.map((one) => this.#late(one, say))}</ul>
              </>
            )}
          </div>
        )}
      </li>
    );
  }

  #late({ id, event, room, attempts, nextAt, deadAt, error }: Late, say: HookWords) {
    return (
      <li key={id}>
        <span>{say.event[event] ?? event} <span class="hint">{room}</span><br /><span class="hint">{say.tries(attempts)}{error && ` · ${whyOf(error, say)}`} · {deadAt === null ? say.next(when(nextAt, this.props.lang)) : say.givenUp}</span></span>
      </li>
    );
  }

  #form(say: HookWords) {
    const { url, kind, events, room, told, wrong } = this.state;
    const pick = (name: string): void => this.setState({ wrong: null, events: EVENTS.filter((one) => (one === name) !== events.includes(one)) });
    return (
      <form onSubmit={this.#make}>
        <label class="field"><span>{say.kind}</span>
          <select value={kind} onChange={({ currentTarget }) => this.setState({ kind: currentTarget.value as Kind, wrong: null })}>{KINDS.map((one) => <option key={one} value={one}>{say.kinds[one]}</option>)}</select>
        </label>
        <label class="field"><span>{say.url}</span><input type="url" value={url} placeholder={say.urlHint[kind]} autocomplete="off" aria-invalid={wrong !== null && wrong !== 'bad_events'} aria-describedby={wrong === null ? undefined : 'hook-wrong'} onInput={({ currentTarget }) => this.setState({ url: currentTarget.value, wrong: null })} /></label>
        {wrong !== null && <p class="hint danger" id="hook-wrong" role="alert">{say.wrong[wrong] ?? pageWords[this.props.lang].failed}</p>}
        <fieldset>
          <legend>{say.events}</legend>
          {EVENTS.map((one) => <label key={one} class="tick"><input type="checkbox" checked={events.includes(one)} onChange={() => pick(one)} /><span>{say.event[one]}</span></label>)}
        </fieldset>
        <label class="field"><span>{say.where}</span><input value={room} placeholder={say.whereAll} autocomplete="off" onInput={({ currentTarget }) => this.setState({ room: currentTarget.value })} /></label>
        <label class="field"><span>{say.lang}</span>
          <select value={told} onChange={({ currentTarget }) => this.setState({ told: currentTarget.value as 'ko' | 'en' })}><option value="ko">한국어</option><option value="en">English</option></select>
        </label>
        <button type="submit" class="go" disabled={url.trim() === ''}>{say.make}</button>
      </form>
    );
  }
}

/** Something to copy. */
class Secret extends Component<{ name: string; value: string; say: HookWords }, { copied: boolean }> {
  override state = { copied: false };

  override render({ name, value, say }: { name: string; value: string; say: HookWords }, { copied }: { copied: boolean }) {
    return (
      <>
        <p class="row"><input readOnly value={value} aria-label={name} onFocus={({ currentTarget }) => currentTarget.select()} /><button type="button" class="plain" onClick={() => void navigator.clipboard?.writeText(value).then(() => this.setState({ copied: true }))}>{copied ? say.copied : say.copy}</button></p>
        <p class="hint">{name}. {say.keyHint}</p>
      </>
    );
  }
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

function whyOf(error: string, say: HookWords): string {
  return say.why[error] ?? error.replace('status_', 'HTTP ');
}
