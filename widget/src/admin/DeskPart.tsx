import { Component } from 'preact';
import { deskWords } from '../ui/sheets/desk-words.ts';
import { ask, pathOf } from './api.ts';
import { pageWords } from './page-words.ts';
import type { Row } from './RoomPage.tsx';
import { when } from './when.ts';

type Desk = { waiting: readonly { who: string; cid: string; nick: string; text: string; at: number }[]; reported: readonly { row: Row; count: number; reasons: Record<string, number> }[] };
type Act = { t: 'delete'; n: number } | ({ t: 'mod'; do: string } & Record<string, unknown>);
type Props = { lang: 'ko' | 'en'; room: string; site: string; act(act: Act, done: string): Promise<void> };

const LOOK_EVERY_MS = 5_000;

/** What waits in one room; one tap decides. */
export class DeskPart extends Component<Props, { desk: Desk | null }> {
  override state = { desk: null };
  #timer: ReturnType<typeof setInterval> | undefined;

  override componentDidMount(): void {
    void this.#look();
    this.#timer = setInterval(() => { if (!document.hidden) void this.#look(); }, LOOK_EVERY_MS);
  }

  override componentWillUnmount(): void {
    clearInterval(this.#timer);
  }

  #look = async (): Promise<void> => {
    const answer = await ask<Desk>('GET', pathOf(this.props.room, this.props.site, 'desk'));
    if (answer.ok) this.setState({ desk: answer.body });
  };

  #do = (act: Act, done: string) => (): void => void this.props.act(act, done).then(this.#look);

  override render({ lang }: Props, { desk }: { desk: Desk | null }) {
    const say = pageWords[lang];
    const words = deskWords[lang];
    if (!desk) return null;
    return (
      <section>
        <h2>{say.desk}</h2>
        {desk.waiting.length + desk.reported.length === 0 && <p class="hint">{say.deskEmpty}</p>}
        <ul>
          {desk.waiting.map(({ who, cid, nick, text, at }) => (
            <li key={`${who} ${cid}`} class="case">
              <p class="who"><b>{nick}</b><span class="hint">{when(at, lang)}</span></p>
              <blockquote>{text}</blockquote>
              <p class="row">
                <button type="button" class="plain" onClick={this.#do({ t: 'mod', do: 'refuse', who, what: cid }, words.refused)}>{words.refuse}</button>
                <button type="button" class="go" onClick={this.#do({ t: 'mod', do: 'approve', who, what: cid }, words.approved)}>{words.approve}</button>
              </p>
            </li>
          ))}
          {desk.reported.map(({ row, count, reasons }) => (
            <li key={row.n} class="case">
              <p class="who"><b>{row.nick}</b><span class="hint">{words.reports(count)}: {Object.keys(reasons).map((reason) => words.reasons[reason] ?? reason).join(', ')}</span></p>
              <blockquote>{row.text}</blockquote>
              <p class="row">
                <button type="button" class="plain" onClick={this.#do({ t: 'mod', do: 'dismiss', n: row.n }, words.dismissed)}>{words.dismiss}</button>
                <button type="button" class="go danger" onClick={this.#do({ t: 'delete', n: row.n }, words.taken)}>{words.take}</button>
              </p>
            </li>
          ))}
        </ul>
      </section>
    );
  }
}
