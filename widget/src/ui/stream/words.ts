import type { Lang } from '../words/words.ts';

/** The words around the picture. */
export type StreamWords = {
  stream: string;
  play: string;
  pause: string;
  unmute: string;
  mute: string;
  volume: string;
  live: string;
  behind(seconds: number): string;
  goLive: string;
  seek: string;
  quality: string;
  auto: string;
  captions: string;
  none: string;
  full: string;
  inset: string;
  waiting: string;
  stalled: string;
  failed: string;
  /** Where the browser wants to be asked. */
  start: string;
  /** Of a stream without a picture. */
  unseen: string;
  lowered: string;
  starts(when: string): string;
  withPicture: string;
};

export const streamWords: Record<Lang, StreamWords> = {
  ko: {
    stream: '방송',
    play: '재생',
    pause: '일시 정지',
    unmute: '소리 켜기',
    mute: '소리 끄기',
    volume: '음량',
    live: '라이브',
    behind: (seconds) => `${seconds < 60 ? '' : `${Math.floor(seconds / 60)}분 `}${seconds % 60}초 늦음`,
    goLive: '라이브로 이동',
    seek: '재생 위치',
    quality: '화질',
    auto: '자동',
    captions: '자막',
    none: '자막 없음',
    full: '전체 화면',
    inset: '작은 창으로 보기',
    waiting: '방송을 불러오는 중이에요',
    stalled: '방송이 잠시 끊겼어요. 돌아오는 대로 이어져요.',
    failed: '이 방송은 여기에서 재생할 수 없어요.',
    start: '방송 재생하기',
    unseen: '소리만 나오는 방송이에요',
    lowered: '연결이 느려서 화질을 잠시 낮췄어요',
    starts: (when) => `${when}에 시작해요`,
    withPicture: '이야기를 화면에 맞추기',
  },
  en: {
    stream: 'Stream',
    play: 'Play',
    pause: 'Pause',
    unmute: 'Unmute',
    mute: 'Mute',
    volume: 'Volume',
    live: 'Live',
    behind: (seconds) => `${seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`} behind`,
    goLive: 'Go live',
    seek: 'Position',
    quality: 'Quality',
    auto: 'Auto',
    captions: 'Captions',
    none: 'No captions',
    full: 'Full screen',
    inset: 'Picture in picture',
    waiting: 'Loading the stream',
    stalled: 'The stream has dropped out. It will pick up again by itself.',
    failed: 'This stream can’t be played here.',
    start: 'Play the stream',
    unseen: 'This stream is sound only',
    lowered: 'Your connection is slow: lower quality for now',
    starts: (when) => `Starts ${when}`,
    withPicture: 'Chat follows the picture',
  },
};
