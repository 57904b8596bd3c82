import { Component } from 'preact';
import { ask, pathOf } from './api.ts';
import { pageWords } from './page-words.ts';
import { tell } from './told.ts';

type Props = { lang: 'ko' | 'en'; room: string; site: string };
type State = { stream: { title?: string } | null; url: string; title: string; wrong: string | null };

/** What plays beside the words of a room. */
export class StreamPart extends Component<Props, State> {
  override state: State = { stream: null, url: '', title: '', wrong: null };

  override componentDidMount(): void {
    void this.#look();
  }

  async #look(): Promise<void> {
    const { room, site } = this.props;
    const answer = await ask<{ room: { stream?: { title?: string } } }>('GET', `/rooms/${encodeURIComponent(room)}?${new URLSearchParams({ site })}`);
    if (answer.ok) this.setState({ stream: answer.body.room.stream ?? null });
  }

  #attach = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { lang, room, site } = this.props;
    const { url, title } = this.state;
    const say = pageWords[lang];
    const answer = await ask('PUT', pathOf(room, site, 'stream'), { url: url.trim(), ...(title.trim() && { title: title.trim() }) });
    if (!answer.ok) return this.setState({ wrong: answer.title ? `${say.streamWrong}: ${answer.title}` : say.streamWrong });
    tell(say.attached);
    this.setState({ url: '', title: '', wrong: null });
    void this.#look();
  };

  #detach = async (): Promise<void> => {
    const { lang, room, site } = this.props;
    const answer = await ask('DELETE', pathOf(room, site, 'stream'));
    tell(answer.ok ? pageWords[lang].detached : pageWords[lang].failed);
    void this.#look();
  };

  override render({ lang, room }: Props, { stream, url, title, wrong }: State) {
    const say = pageWords[lang];
    return (
      <section>
        <h2>{say.stream}</h2>
        <p class="row between"><span class="hint">{stream ? say.streamNow(stream.title ?? room) : say.streamNone}</span>{stream && <button type="button" class="plain" onClick={() => void this.#detach()}>{say.detach}</button>}</p>
        <form onSubmit={this.#attach}>
          <label class="field"><span>{say.streamUrl}</span><input type="url" value={url} aria-invalid={wrong !== null} onInput={({ currentTarget }) => this.setState({ url: currentTarget.value, wrong: null })} /></label>
          {wrong && <p class="hint danger" role="alert">{wrong}</p>}
          <label class="field"><span>{say.streamTitle}</span><input value={title} maxLength={200} onInput={({ currentTarget }) => this.setState({ title: currentTarget.value })} /></label>
          <button type="submit" class="go" disabled={url.trim() === ''}>{say.attach}</button>
        </form>
      </section>
    );
  }
}
