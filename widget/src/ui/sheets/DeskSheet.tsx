import type { Rules } from '@aside/server/protocol';
import { Component } from 'preact';
import { Avatar } from '../Avatar.tsx';
import { readDesk, watchDesk } from '../desk.ts';
import type { Scene } from '../scene.ts';
import { tellTime } from '../time.ts';
import { deskWords } from './desk-words.ts';
import { judge } from './judge.ts';

const CALM_MS = 600_000;
const LOWER_S = 600;
const SLOWS_S = [5, 10, 30, 60, 300];
const QUIETS_DAYS = [7, 14, 30, 90];
const FLAGS = ['emojiOnly', 'noLinks', 'hold', 'readOnly', 'closed', 'adults'] as const;

type Props = { scene: Scene };
/** `rules`: as they are being changed; null where nothing was touched. */
type State = { rules: Rules | null };

/** Where a moderator sees what waits, and sets what the room asks of everybody. */
export class DeskSheet extends Component<Props, State> {
  override state: State = { rules: null };
  #leave: (() => void) | undefined;

  override componentDidMount(): void {
    this.#leave = watchDesk(this.props.scene, () => this.forceUpdate());
  }

  override componentWillUnmount(): void {
    this.#leave?.();
  }

  #known(): Rules {
    return this.props.scene.view.room.value.facts?.rules ?? {};
  }

  #set(change: { [name in keyof Rules]?: Rules[name] | undefined }): void {
    const next = { ...(this.state.rules ?? this.#known()), ...change };
    this.setState({ rules: Object.fromEntries(Object.entries(next).filter(([, said]) => said !== undefined)) as Rules });
  }

  /** What the server sets by itself is not sent back to it. */
  #send(rules: Rules, done: string): void {
    const { shield: _, openUntil: __, ...set } = rules;
    this.setState({ rules: null });
    void judge(this.props.scene, { t: 'mod', do: 'rules', rules: set }, done);
  }

  override render({ scene }: Props, { rules: changed }: State) {
    const { lang } = scene.config.value;
    const words = deskWords[lang];
    const known = this.#known();
    const rules = changed ?? known;
    const { waiting, reported } = readDesk() ?? { waiting: [], reported: [] };
    const calm = known.calmUntil !== undefined && known.calmUntil > Date.now() ? known.calmUntil : null;
    return (
      <div class="desk">
        {known.shield && (
          <p class="state">
            <span>{words.shield[known.shield.level]}</span>
            <button type="button" onClick={() => void judge(scene, { t: 'mod', do: 'lower', seconds: LOWER_S }, words.lowered)}>{words.lower}</button>
          </p>
        )}
        {calm === null
          ? <button type="button" class="wide calm" onClick={() => this.#send({ ...known, calmUntil: Date.now() + CALM_MS }, words.calmed)}>{words.calm}</button>
          : (
            <p class="state">
              <span>{words.calmUntil(tellTime(calm, lang))}</span>
              <button type="button" onClick={() => { const { calmUntil: _, ...rest } = known; this.#send(rest, words.saved); }}>{words.calmEnd}</button>
            </p>
          )}
        <p class="hint">{words.calmHint}</p>

        <h3>{waiting.length > 0 ? words.waiting(waiting.length) : words.nothing}</h3>
        <ul>
          {waiting.map(({ who, cid, nick, avatar, text, at }) => (
            <li key={`${who} ${cid}`} class="case">
              <p><Avatar name={avatar} seed={who} /><b>{nick}</b><time>{tellTime(at, lang)}</time></p>
              <blockquote>{text}</blockquote>
              <p class="sure">
                <button type="button" onClick={() => void judge(scene, { t: 'mod', do: 'refuse', who, what: cid }, words.refused)}>{words.refuse}</button>
                <button type="button" class="go" onClick={() => void judge(scene, { t: 'mod', do: 'approve', who, what: cid }, words.approved)}>{words.approve}</button>
              </p>
            </li>
          ))}
        </ul>
        {reported.length > 0 && <h3>{words.reported}</h3>}
        <ul>
          {reported.map(({ row, count, reasons }) => (
            <li key={row.n} class="case">
              <p><Avatar name={row.avatar} seed={row.author} /><b>{row.nick}</b><span class="self">{words.reports(count)}: {Object.keys(reasons).map((reason) => words.reasons[reason] ?? reason).join(', ')}</span></p>
              <blockquote>{row.text}</blockquote>
              <p class="sure">
                <button type="button" onClick={() => void judge(scene, { t: 'mod', do: 'dismiss', n: row.n }, words.dismissed)}>{words.dismiss}</button>
                <button type="button" class="go danger" onClick={() => void judge(scene, { t: 'delete', n: row.n }, words.taken)}>{words.take}</button>
              </p>
            </li>
          ))}
        </ul>

        <h3>{words.rules}</h3>
        <label class="pick"><span>{words.slow}</span>
          <select value={String(rules.slow ?? 0)} onChange={({ currentTarget }) => this.#set({ slow: Number(currentTarget.value) || undefined })}>
            <option value="0">{words.off}</option>
            {withOwn(SLOWS_S, rules.slow).map((seconds) => <option key={seconds} value={String(seconds)}>{words.every(seconds)}</option>)}
          </select>
        </label>
        {FLAGS.map((name) => (
          <label key={name} class="tick"><input type="checkbox" checked={rules[name] === true} onChange={({ currentTarget }) => this.#set({ [name]: currentTarget.checked || undefined })} /><span>{words[name]}</span></label>
        ))}
        <label class="pick"><span>{words.closesAt}</span>
          <input type="datetime-local" value={localTime(rules.closesAt)} onInput={({ currentTarget }) => this.#set({ closesAt: Date.parse(currentTarget.value) || undefined })} />
        </label>
        <label class="pick"><span>{words.quietDays}</span>
          <select value={String(rules.quietDays ?? 0)} onChange={({ currentTarget }) => this.#set({ quietDays: Number(currentTarget.value) || undefined })}>
            <option value="0">{words.never}</option>
            {withOwn(QUIETS_DAYS, rules.quietDays).map((days) => <option key={days} value={String(days)}>{words.days(days)}</option>)}
          </select>
        </label>
        <button type="button" class="wide" disabled={changed === null} onClick={() => this.#send(rules, words.saved)}>{words.save}</button>
      </div>
    );
  }
}

/** One that was set by another hand is offered too. */
function withOwn(all: readonly number[], own: number | undefined): number[] {
  return own === undefined || all.includes(own) ? [...all] : [...all, own].sort((a, b) => a - b);
}

/** As the browser's own field has it: the reader's clock, without a zone. */
function localTime(at: number | undefined): string {
  return at === undefined ? '' : new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
