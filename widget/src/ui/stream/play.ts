import Hls from 'hls.js';
import { captionsOf, heightsOf, openLevels } from './levels.ts';
import { admitWorker } from './worker.ts';

/** What a player tells: how it stands, and which picture time is on the screen. */
export type Playing = {
  /** `blocked`: the browser plays nothing until somebody asks for it. */
  state: 'loading' | 'blocked' | 'playing' | 'stalled' | 'failed';
  /** By the stream's own dates, in ms; null where it has told none yet. */
  picture: number | null;
  /** How far behind the newest picture, in seconds; null in a recording. */
  behind: number | null;
  paused: boolean;
  muted: boolean;
  /** 0 to 1. */
  volume: number;
  /** There is sound, and nothing to see. */
  unseen: boolean;
  /** Shown smaller than could be, because the way here is slow. */
  lowered: boolean;
  /** Seconds: the part that can be sought in, up to what counts as live, and where in it the picture is. */
  from: number;
  to: number;
  at: number;
  /** By number; none is chosen by whoever plays, -1. Empty where there is no choice. */
  heights: readonly string[];
  height: number;
  captions: readonly string[];
  caption: number;
};
export type Player = { toggle(): void; goLive(): void; seek(to: number): void; choose(what: 'height' | 'caption', which: number): void; close(): void };

const SETTINGS = {
  backBufferLength: 60, liveDurationInfinity: true, lowLatencyMode: true, startFragPrefetch: true, enableInterstitialPlayback: false,
  // What a steering list names are addresses of the origin's, and viewers never speak with it.
  contentSteeringController: undefined as never,
};
const AGAIN_MS = 2_000;
/** Who all come back to one server do not come at once. */
const AGAIN_SPREAD_MS = 3_000;
/** What is announced may begin early, but is not asked for all day. */
const EARLY_MS = 60_000;
const START_SPREAD_MS = 4_000;
const MENDS_MAX = 3;
/** The beginning of what is live moves by whole segments, its end with the clock. */
const WINDOW_SLACK_S = 5;

/** Plays a playlist in the element; where the browser plays them by itself, it does. Goes on by itself whatever happens, until it is closed. */
export function openPlayer(video: HTMLVideoElement, address: string, startsAt: number, tell: (playing: Playing) => void): Player {
  let closed = false;
  /** Something was shown; the browser wants a press; the origin is away; the next picture is not here yet; nothing helps. */
  let [begun, blocked, away, waiting, failed] = [false, false, false, false, false];
  let live = false;
  let mended = 0;
  let back = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  const hls = Hls.isSupported() ? new Hls({ ...SETTINGS, workerPath: admitWorker() }) : null;
  const levels = hls && openLevels(hls, () => report());

  const stateOf = (): Playing['state'] => {
    if (failed) return 'failed';
    if (away) return 'stalled';
    if (blocked) return 'blocked';
    return !begun || (waiting && video.seeking) ? 'loading' : waiting ? 'stalled' : 'playing';
  };
  const read = (): Playing => {
    const [begin, end] = rangeOf(video);
    const to = (live && hls?.liveSyncPosition) || end;
    if (!live || Math.abs(to - begin - back) > WINDOW_SLACK_S) back = to - begin;
    const from = to - back;
    const started = hls ? null : startOf(video);
    return {
      state: stateOf(), from, to, at: video.currentTime, paused: video.paused, muted: video.muted, volume: video.volume,
      picture: hls ? hls.playingDate?.getTime() ?? null : started === null ? null : started + video.currentTime * 1_000,
      unseen: begun && video.videoWidth === 0, lowered: levels?.lowered() ?? false,
      heights: hls ? heightsOf(hls) : [], height: levels?.chosen() ?? -1,
      captions: hls ? captionsOf(hls) : [], caption: hls?.subtitleDisplay ? hls.subtitleTrack : -1,
      behind: live ? Math.max(0, to - video.currentTime) : null,
    };
  };
  const report = () => {
    if (!closed) tell(read());
  };
  const play = () => {
    video.play().then(() => { blocked = false; }, (error: unknown) => { blocked = error instanceof DOMException && error.name === 'NotAllowedError'; }).finally(report);
  };
  /** The origin, or the network, is away: the same is asked for again until it answers. */
  const retry = (code = 0) => {
    if (closed) return;
    away = true;
    report();
    clearTimeout(again);
    const early = startsAt - Date.now();
    again = setTimeout(() => {
      report();
      if (hls) {
        // An address of a piece that has ended: those that follow from the first are new.
        if (hls.levels.length === 0 || code === 403 || code === 404) hls.loadSource(address);
        else hls.startLoad();
      } else video.load();
    }, early > 0 ? Math.min(early, EARLY_MS) + Math.random() * START_SPREAD_MS : AGAIN_MS + Math.random() * AGAIN_SPREAD_MS);
  };
  const returned = () => {
    if (!away) return;
    away = false;
    report();
  };

  if (hls) {
    hls.on(Hls.Events.LEVEL_LOADED, (_, { details }) => { live = details.live; });
    hls.on(Hls.Events.FRAG_BUFFERED, returned);
    hls.on(Hls.Events.ERROR, (_, { fatal, type, details, response }) => {
      if (!fatal) return;
      if (type === Hls.ErrorTypes.NETWORK_ERROR) return retry(response?.code);
      if (type === Hls.ErrorTypes.MEDIA_ERROR && (mended += 1) <= MENDS_MAX && details !== Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) return hls.recoverMediaError();
      failed = true;
      report();
    });
    hls.attachMedia(video);
    hls.loadSource(address);
  } else {
    video.src = address;
    video.onerror = () => {
      if (video.error?.code !== MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED || video.currentTime > 0 || startsAt > Date.now()) return retry();
      failed = true;
      report();
    };
    video.ondurationchange = () => { live = video.duration === Number.POSITIVE_INFINITY; };
  }
  const become = (wait: boolean) => {
    waiting = wait;
    levels?.feel(wait && begun && !video.seeking);
    report();
  };
  const happens = {
    loadeddata() { begun = true; returned(); report(); },
    playing() { blocked = false; returned(); become(false); },
    // After a leap while it is paused nothing begins to play.
    waiting: () => become(true), canplay: () => become(false), play: report, pause: report, volumechange: report, timeupdate: report, seeked: report, resize: report,
  };
  for (const [name, act] of Object.entries(happens)) video.addEventListener(name, act);
  play();

  return {
    toggle: () => (video.paused ? play() : video.pause()),
    goLive() {
      video.currentTime = hls?.liveSyncPosition ?? rangeOf(video)[1];
      play();
    },
    seek(to) {
      video.currentTime = to;
      report();
    },
    choose(what, which) {
      if (!hls) return;
      if (what === 'height') levels?.choose(which);
      else {
        hls.subtitleDisplay = which >= 0;
        hls.subtitleTrack = which;
      }
      report();
    },
    close() {
      closed = true;
      clearTimeout(again);
      levels?.close();
      for (const [name, act] of Object.entries(happens)) video.removeEventListener(name, act);
      hls?.destroy();
      video.removeAttribute('src');
      video.load();
    },
  };
}

function rangeOf({ seekable }: HTMLVideoElement): [number, number] {
  return seekable.length === 0 ? [0, 0] : [seekable.start(0), seekable.end(seekable.length - 1)];
}

/** Safari tells the date of the first picture; others have no such member. */
function startOf(video: HTMLVideoElement & { getStartDate?: () => Date }): number | null {
  const at = video.getStartDate?.().getTime();
  return at === undefined || Number.isNaN(at) ? null : at;
}
