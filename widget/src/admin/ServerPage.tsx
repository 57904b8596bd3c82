import { Component } from 'preact';
import { tellCount } from '../ui/time.ts';
import { ask } from './api.ts';
import { DoctorPart } from './DoctorPart.tsx';
import { pageWords } from './page-words.ts';
import { when } from './when.ts';

type Health = { aside: string; node: string; protocol: number; startedAt: number; database: { ok: boolean; ms?: number; version?: string; bytes?: number; rooms?: number }; redis: { hears: boolean | null }; lateMs: number; overloaded: boolean; connections: number; rooms: number };
type Setting = { name: string; about: string; value: string | null; isSet: boolean; secret: boolean };
type Props = { lang: 'ko' | 'en' };
type State = { health: Health | null; away: boolean; settings: readonly Setting[] };

const LOOK_EVERY_MS = 5_000;

/** How the server is, and what it was started with. */
export class ServerPage extends Component<Props, State> {
  override state: State = { health: null, away: false, settings: [] };
  #timer: ReturnType<typeof setInterval> | undefined;

  override componentDidMount(): void {
    void this.#look();
    this.#timer = setInterval(() => { if (!document.hidden) void this.#look(); }, LOOK_EVERY_MS);
    void ask<{ settings: Setting[] }>('GET', '/settings').then((answer) => { if (answer.ok) this.setState({ settings: answer.body.settings }); });
  }

  override componentWillUnmount(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const answer = await ask<Health>('GET', '/health');
    this.setState(answer.ok ? { health: answer.body, away: false } : { away: true });
  }

  override render({ lang }: Props, { health, away, settings }: State) {
    const say = pageWords[lang];
    return (
      <>
        <section>
          <h2>{say.health}</h2>
          {away && <p class="hint danger" role="alert">{say.away}</p>}
          {health && (
            <dl>
              <dt>{say.database}</dt><dd class={health.database.ok ? '' : 'danger'}>{health.database.ok ? `PostgreSQL ${health.database.version} · ${health.database.ms} ms · ${megabytes(health.database.bytes ?? 0, lang)}` : say.databaseAway}</dd>
              <dt>{say.redis}</dt><dd class={health.redis.hears === false ? 'danger' : ''}>{health.redis.hears === null ? say.redisNone : health.redis.hears ? say.redisHears : say.redisDeaf}</dd>
              <dt>{say.lag}</dt><dd class={health.overloaded ? 'danger' : ''}>{health.overloaded ? say.overloaded : say.lagValue(health.lateMs)}</dd>
              <dt>{say.sockets}</dt><dd>{tellCount(health.connections, lang)}</dd>
              <dt>{say.tabs.rooms}</dt><dd>{tellCount(health.rooms, lang)} / {tellCount(health.database.rooms ?? 0, lang)}</dd>
              <dt>{say.versions}</dt><dd>Aside {health.aside} · Node {health.node}</dd>
              <dt>{say.since}</dt><dd>{when(health.startedAt, lang)}</dd>
            </dl>
          )}
          <p class="hint">{say.thisProcess}</p>
        </section>
        <DoctorPart lang={lang} />
        <section>
          <h2>{say.settings}</h2>
          <p class="hint">{say.settingsHint}</p>
          <ul>
            {settings.map(({ name, about, value, isSet, secret }) => (
              <li key={name} class="setting">
                <code class="setting-name">{name}</code>
                <span>{secret ? (isSet ? say.secret : say.secretNone) : <code>{value || '–'}</code>}{!secret && !isSet && <span class="hint"> {say.byDefault}</span>}</span>
                <span class="hint" lang="en">{about.replaceAll('`', '')}</span>
              </li>
            ))}
          </ul>
        </section>
      </>
    );
  }
}

function megabytes(bytes: number, lang: string): string {
  return new Intl.NumberFormat(lang, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(bytes / 1e6);
}
