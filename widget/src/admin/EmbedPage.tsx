import { Component } from 'preact';
import { asked, builderWords, type Chosen, HEIGHT, isNamed, snippetOf, type Way, ways } from '../embed/snippet.ts';
import { ask } from './api.ts';
import { pageWords } from './page-words.ts';
import { tell } from './told.ts';

type Props = { lang: 'ko' | 'en'; room: string; site: string };
type State = Chosen & { way: Way; site: string; rooms: readonly { room: string; title: string | null }[] };
type Choice = 'mapping' | 'theme' | 'lang';

/** Choose, look, copy: the code that puts a room under a post. */
export class EmbedPage extends Component<Props, State> {
  override state: State = { way: 'line', id: this.props.room, site: this.props.site, mapping: 'pathname', theme: 'auto', lang: '', title: '', height: '480', badge: false, rooms: [] };

  override async componentDidMount(): Promise<void> {
    const answer = await ask<{ rooms: State['rooms'] }>('GET', '/rooms');
    if (answer.ok) this.setState({ rooms: answer.body.rooms });
  }

  #snippet(): string {
    const { way, height, id, site, ...chosen } = this.state;
    if (id.trim() === '' && !isNamed(way)) return '';
    return snippetOf(way, { ...chosen, id: id.trim(), site: site.trim(), height: new RegExp(`^${HEIGHT}$`).test(height) ? height : '480' }, location.origin, builderWords[this.props.lang].frameTitle);
  }

  #copy = async (): Promise<void> => {
    const say = builderWords[this.props.lang];
    const done = await navigator.clipboard.writeText(this.#snippet()).then(() => true, () => false);
    if (!done) getSelection()?.selectAllChildren(document.querySelector('pre code') as Element);
    tell(done ? say.copied : say.failed);
  };

  #choice(name: Choice, label: string, options: Record<string, string>) {
    return (
      <label class="field"><span>{label}</span>
        <select value={this.state[name]} onChange={({ currentTarget }) => this.setState({ [name]: currentTarget.value } as Pick<State, Choice>)}>
          {Object.entries(options).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
        </select>
      </label>
    );
  }

  override render({ lang }: Props, { way, id, site, title, height, badge, rooms }: State) {
    const [say, own] = [pageWords[lang].embed, builderWords[lang]];
    const snippet = this.#snippet();
    return (
      <>
        <section>
          <h2>{say.title}</h2>
          <p class="hint">{say.hint}</p>
          <form class="builder" onSubmit={(event) => event.preventDefault()}>
            <fieldset><legend>{own.way}</legend>{ways.map((one) => <label key={one} class="tick"><input type="radio" name="way" checked={one === way} onChange={() => this.setState({ way: one })} />{own.ways[one]}</label>)}</fieldset>
            <label class="field"><span>{own.id}</span>
              <input value={id} list="rooms" maxLength={255} autocomplete="off" spellcheck={false} placeholder={own.example} onInput={({ currentTarget }) => this.setState({ id: currentTarget.value })} />
              <small class="hint">{isNamed(way) ? own.idHint : own.idNeeded}</small>
            </label>
            <datalist id="rooms">{rooms.map(({ room, title: name }) => <option key={room} value={room}>{name}</option>)}</datalist>
            <label class="field"><span>{say.site}</span><input value={site} maxLength={64} autocomplete="off" spellcheck={false} onInput={({ currentTarget }) => this.setState({ site: currentTarget.value })} /><small class="hint">{say.siteHint}</small></label>
            {id.trim() === '' && asked.mapping.includes(way) && this.#choice('mapping', own.mapping, own.mappings)}
            {asked.theme.includes(way) && this.#choice('theme', own.theme, own.themes)}
            {this.#choice('lang', own.lang, own.langs)}
            {asked.title.includes(way) && <label class="field"><span>{own.title}</span><input value={title} maxLength={200} autocomplete="off" onInput={({ currentTarget }) => this.setState({ title: currentTarget.value })} /></label>}
            {asked.height.includes(way) && <label class="field"><span>{own.height}</span><input value={height} pattern={HEIGHT} inputMode="numeric" autocomplete="off" onInput={({ currentTarget }) => this.setState({ height: currentTarget.value })} /><small class="hint">{own.heightHint}</small></label>}
            {asked.badge.includes(way) && <label class="tick"><input type="checkbox" checked={!!badge} onChange={({ currentTarget }) => this.setState({ badge: currentTarget.checked })} />{own.badge}</label>}
          </form>
        </section>
        <section>
          <h2>{own.code}</h2>
          {snippet === '' ? <p class="hint">{own.idNeeded}</p> : <pre><code>{snippet}</code></pre>}
          <p class="row"><button type="button" class="go" disabled={snippet === ''} onClick={() => void this.#copy()}>{own.copy}</button></p>
        </section>
      </>
    );
  }
}
