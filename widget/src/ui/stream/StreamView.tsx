import { STREAM_SHEET, type StreamFacts } from '@aside/server/protocol';
import { Component, createRef } from 'preact';
import { attempt } from '../../state/shelf.ts';
import { dress, fetchSheet } from '../dress.ts';
import { Icon } from '../Icon.tsx';
import type { Message } from '../items.ts';
import type { Scene } from '../scene.ts';
import { Choice, clockOf, isLate, Seek, SILENT, Sound } from './controls.tsx';
import { Heat } from './Heat.tsx';
import { openPlayer, type Player, type Playing } from './play.ts';
import rules from './player.css?inline';
import { createReplay, type Replay } from './replay.ts';
import { type StreamWords, streamWords } from './words.ts';

dress(rules);

type Props = { scene: Scene };
type State = { playing: Playing; /** Words as they come, whatever the picture. */ now: boolean };

const PLAY = 'M8 5.5v13l11-6.5Z';
const PAUSE = 'M8.5 6v12M15.5 6v12';
const FULL = 'M4.500 9.500v-5h5M14.500 4.500h5v5M19.500 14.500v5h-5M9.500 19.500h-5v-5';
const INSET = 'M4 6h16v12H4ZM12 12h6v4h-6Z';
const LOOK_EVERY_MS = 250;
const AWAY_MS = 10_000;
const STARTING: Playing = { state: 'loading', picture: null, behind: null, paused: true, muted: true, volume: 1, unseen: false, lowered: false, from: 0, to: 0, at: 0, heights: [], height: -1, captions: [], caption: -1 };
/** Kept for all rooms: how somebody likes to watch. */
const NOW_KEY = 'aside:words-now';

/** The stream above or beside the words, and the words on its clock. */
export class StreamView extends Component<Props, State> {
  override state: State = { playing: STARTING, now: addressed() > 0 || attempt(() => localStorage.getItem(NOW_KEY), null) !== null };
  #video = createRef<HTMLVideoElement>();
  #player: Player | null = null;
  #look: ReturnType<typeof setInterval> | undefined;
  #replay: Replay | null = null;
  #given: readonly Message[] | null | undefined;
  #played = 0;
  #drawn = '';

  override componentDidMount(): void {
    void fetchSheet(STREAM_SHEET);
    const video = this.#video.current;
    const id = this.#stream()?.id;
    if (!video || !id) return;
    this.#player = openPlayer(video, `/stream/${id}/index.m3u8`, this.#stream()?.startsAt ?? 0, (playing) => this.setState({ playing }));
    addEventListener('hashchange', this.#open);
    this.#look = setInterval(this.#follow, LOOK_EVERY_MS);
  }

  override componentWillUnmount(): void {
    clearInterval(this.#look);
    this.#player?.close();
    this.props.scene.stream.value = null;
    this.props.scene.store?.hold(null);
    this.props.scene.view.shown = null;
    removeEventListener('hashchange', this.#open);
  }

  /** A picture moves many times a second, and what is drawn around it seldom does. */
  override shouldComponentUpdate(_: Props, next: State): boolean {
    return this.#looks(next) !== this.#drawn;
  }

  /** Everything that is drawn from, as coarse as it is drawn. */
  #looks({ playing, now }: State): string {
    const { picture, at, from, to, behind, ...rest } = playing;
    const spots = behind === null ? [Math.round(at - from), Math.round(to - from)] : [isLate(behind) && Math.round(behind), Math.round(to - from)];
    return JSON.stringify([rest, spots, now, this.#starts(playing), this.#stream(), this.props.scene.config.value.lang]);
  }

  #stream(): StreamFacts | undefined {
    return this.props.scene.view.room.value.facts?.stream;
  }

  /** When it begins, until it has. */
  #starts({ state }: Playing): number | null {
    const { startsAt = 0 } = this.#stream() ?? {};
    return startsAt > Date.now() && (state === 'loading' || state === 'stalled') ? startsAt : null;
  }

  /** The list is drawn anew only when a message becomes due, or is none any more. */
  #follow = (): void => {
    const { scene } = this.props;
    const { picture, state } = this.state.playing;
    if (state === 'playing') this.#played = Date.now();
    const replay = (this.#replay ??= scene.store && createReplay(scene, scene.store));
    // A picture that has been away for long keeps nobody's words back.
    const follows = !this.state.now && replay !== null && picture !== null && Date.now() - this.#played < AWAY_MS;
    // The first words of a recording are here before its first picture is.
    if (follows || (replay && picture === null && this.#stream()?.to !== undefined)) replay.follow(picture ?? this.#stream()?.from ?? 0);
    const messages = follows ? replay.messages() : null;
    scene.store?.hold(messages ? replay : null);
    scene.view.shown = messages && replay ? replay.newest() : null;
    if (messages === this.#given) return;
    this.#given = messages;
    scene.stream.value = { picture: () => this.state.playing.picture, messages: () => (messages ? replay?.messages() ?? null : null) };
  };

  /** Who follows an address wants to see that message, whatever picture it belongs to. */
  #open = (): void => {
    const n = addressed();
    if (n > 0 && !this.props.scene.message(n)) this.setState({ now: true }, this.#follow);
  };

  #choose(now: boolean): void {
    attempt(() => (now ? localStorage.setItem(NOW_KEY, '1') : localStorage.removeItem(NOW_KEY)), undefined);
    this.setState({ now }, this.#follow);
  }

  #words(): StreamWords {
    return streamWords[this.props.scene.config.value.lang];
  }

  #toggle = (): void => this.#player?.toggle();

  #sound = (): void => {
    const video = this.#video.current;
    if (!video) return;
    video.muted = !video.muted;
    if (video.volume === 0) video.volume = 1;
  };

  #turn = (volume: number): void => {
    const video = this.#video.current;
    if (!video) return;
    video.volume = volume;
    video.muted = volume === 0;
  };

  /** All of the room, so that the words stay within reach. */
  #full = (): void => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else if (document.fullscreenEnabled) void document.documentElement.requestFullscreen().catch(() => null);
    // An iPhone shows nothing but pictures over its whole screen.
    else (this.#video.current as (HTMLVideoElement & { webkitEnterFullscreen?: () => void }) | null)?.webkitEnterFullscreen?.();
  };

  #inset = (): void => {
    if (document.pictureInPictureElement) void document.exitPictureInPicture();
    else void this.#video.current?.requestPictureInPicture().catch(() => null);
  };

  #keys = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget && (event.target as Element).closest('button, input') && event.key === ' ') return;
    const act = { ' ': this.#toggle, k: this.#toggle, m: this.#sound, f: this.#full, ArrowLeft: () => this.#player?.seek(this.state.playing.at - 10), ArrowRight: () => this.#player?.seek(this.state.playing.at + 10) }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).matches('input, select')) return;
    event.preventDefault();
    act();
  };

  override render(_: Props, { playing, now }: State) {
    this.#drawn = this.#looks(this.state);
    const words = this.#words();
    const { title, from, to } = this.#stream() ?? {};
    const { state, behind, muted, paused, unseen } = playing;
    const starts = this.#starts(playing);
    const notice = starts !== null ? words.starts(this.#when(starts)) : state === 'failed' ? words.failed : state === 'stalled' ? words.stalled : state === 'loading' ? words.waiting : unseen ? words.unseen : null;
    const panel = starts !== null || unseen;
    return (
      <section class="stream" aria-label={title ?? words.stream} onKeyDown={this.#keys}>
        <video ref={this.#video} muted playsInline tabIndex={-1} onClick={this.#toggle} aria-label={title ?? words.stream} />
        <p class={panel ? 'cue panel' : 'cue'} role="status">{panel && title && <b>{title}</b>}{notice}</p>
        {state === 'blocked' && <button type="button" class="begin" onClick={this.#toggle}><span><Icon d={PLAY} />{words.start}</span></button>}
        {muted && state === 'playing' && <button type="button" class="unmute" onClick={this.#sound}><Icon d={SILENT} />{words.unmute}</button>}
        <p class="lowered" role="status">{playing.lowered && state === 'playing' && words.lowered}</p>
        {from !== undefined && to !== undefined && behind === null && playing.to > 0 && <Heat scene={this.props.scene} from={from} to={to} />}
        <Seek playing={playing} words={words} seek={(to) => this.#player?.seek(to)} goLive={() => this.#player?.goLive()} />
        <div class="controls">
          <button type="button" onClick={this.#toggle} aria-label={paused ? words.play : words.pause}><Icon d={paused ? PLAY : PAUSE} /></button>
          <Sound playing={playing} words={words} toggle={this.#sound} turn={this.#turn} />
          {behind === null
            ? playing.to > 0 && <span class="edge">{clockOf(playing.at - playing.from)} / {clockOf(playing.to - playing.from)}</span>
            : isLate(behind)
              ? <button type="button" class="edge late" onClick={() => this.#player?.goLive()}><b>{words.goLive}</b> <span>{words.behind(Math.round(behind))}</span></button>
              : <span class="edge"><i class="dot" />{words.live}</span>}
          <span class="space" />
          <button type="button" class="clock" aria-pressed={!now} onClick={() => this.#choose(!now)}><i />{words.withPicture}</button>
          <Choice kind="captions" name={words.captions} none={words.none} all={playing.captions} chosen={playing.caption} choose={(which) => this.#player?.choose('caption', which)} />
          <Choice kind="quality" name={words.quality} none={words.auto} all={playing.heights} chosen={playing.height} choose={(which) => this.#player?.choose('height', which)} />
          {!unseen && 'pictureInPictureEnabled' in document && document.pictureInPictureEnabled && <button type="button" class="inset" onClick={this.#inset} aria-label={words.inset}><Icon d={INSET} /></button>}
          <button type="button" onClick={this.#full} aria-label={words.full}><Icon d={FULL} /></button>
        </div>
      </section>
    );
  }

  #when(at: number): string {
    return new Intl.DateTimeFormat(this.props.scene.config.value.lang, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
  }
}

function addressed(): number {
  return Number(/^#m(\d{1,15})$/.exec(location.hash)?.[1] ?? 0);
}
