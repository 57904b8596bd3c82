import Hls from 'hls.js';

/** What a player tells: how it stands, and which picture time is on the screen. */
export type Playing = {
  state: 'loading' | 'playing' | 'stalled' | 'failed';
  /** By the stream's own dates, in ms; null where it has told none yet. */
  picture: number | null;
  /** How far behind the newest picture, in seconds; null in a recording. */
  behind: number | null;
  paused: boolean;
  muted: boolean;
  /** Seconds: the part that can be sought in, and where in it the picture is. */
  from: number;
  to: number;
  at: number;
  /** By number; none is chosen by whoever plays, -1. Empty where there is no choice. */
  heights: readonly string[];
  height: number;
  captions: readonly string[];
  caption: number;
};
export type Player = { goLive(): void; seek(to: number): void; choose(what: 'height' | 'caption', which: number): void; close(): void };

const AGAIN_MS = 2_000;
/** Who all come back to one server do not come at once. */
const AGAIN_SPREAD_MS = 3_000;
const MENDS_MAX = 3;

/** Plays a playlist in the element; where the browser plays them by itself, it does. Goes on by itself whatever happens, until it is closed. */
export function openPlayer(video: HTMLVideoElement, address: string, tell: (playing: Playing) => void): Player {
  let closed = false;
  let state: Playing['state'] = 'loading';
  let live = false;
  let mended = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  const hls = Hls.isSupported() ? new Hls({ enableWorker: false, backBufferLength: 60, liveDurationInfinity: true, lowLatencyMode: true, startFragPrefetch: true, enableInterstitialPlayback: false }) : null;

  const read = (): Playing => {
    const [from, to] = rangeOf(video);
    const edge = hls?.liveSyncPosition ?? to;
    const started = hls ? null : startOf(video);
    return {
      state, from, to, at: video.currentTime, paused: video.paused, muted: video.muted,
      picture: hls ? hls.playingDate?.getTime() ?? null : started === null ? null : started + video.currentTime * 1_000,
      heights: hls && hls.levels.length > 1 ? hls.levels.map(({ height, bitrate }) => (height ? `${height}p` : `${Math.round(bitrate / 1_000)}k`)) : [],
      height: hls && !hls.autoLevelEnabled ? hls.loadLevel : -1,
      captions: hls?.subtitleTracks.map(({ name }) => name) ?? [],
      caption: hls?.subtitleDisplay ? hls.subtitleTrack : -1,
      behind: live ? Math.max(0, edge - video.currentTime) : null,
    };
  };
  const report = () => {
    if (!closed) tell(read());
  };
  const become = (next: Playing['state']) => {
    state = next;
    report();
  };
  /** The origin, or the network, is away: the same is asked for again until it answers. */
  const retry = (code = 0) => {
    if (closed) return;
    become('stalled');
    clearTimeout(again);
    again = setTimeout(() => {
      if (hls) {
        // An address of a piece that has ended: those that follow from the first are new.
        if (hls.levels.length === 0 || code === 403 || code === 404) hls.loadSource(address);
        else hls.startLoad();
      } else video.load();
    }, AGAIN_MS + Math.random() * AGAIN_SPREAD_MS);
  };

  if (hls) {
    hls.on(Hls.Events.LEVEL_LOADED, (_, { details }) => { live = details.live; });
    hls.on(Hls.Events.FRAG_BUFFERED, () => { if (state === 'stalled') become('playing'); });
    hls.on(Hls.Events.ERROR, (_, { fatal, type, details, response }) => {
      if (!fatal) return;
      if (type === Hls.ErrorTypes.NETWORK_ERROR) return retry(response?.code);
      if (type === Hls.ErrorTypes.MEDIA_ERROR && (mended += 1) <= MENDS_MAX && details !== Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) return hls.recoverMediaError();
      become('failed');
    });
    hls.attachMedia(video);
    hls.loadSource(address);
  } else {
    video.src = address;
    video.onerror = () => (video.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED && video.currentTime === 0 ? become('failed') : retry());
    video.ondurationchange = () => { live = video.duration === Number.POSITIVE_INFINITY; };
  }
  const happens = { playing: () => become('playing'), waiting: () => become(state === 'playing' ? 'stalled' : state), pause: report, volumechange: report, timeupdate: report, seeked: report };
  for (const [name, act] of Object.entries(happens)) video.addEventListener(name, act);
  void video.play().catch(() => report());

  return {
    goLive() {
      video.currentTime = hls?.liveSyncPosition ?? rangeOf(video)[1];
      void video.play().catch(report);
    },
    seek(to) {
      video.currentTime = to;
      report();
    },
    choose(what, which) {
      if (!hls) return;
      if (what === 'height') hls.nextLevel = which;
      else {
        hls.subtitleDisplay = which >= 0;
        hls.subtitleTrack = which;
      }
      report();
    },
    close() {
      closed = true;
      clearTimeout(again);
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
