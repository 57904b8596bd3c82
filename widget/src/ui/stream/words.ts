import type { Lang } from '../words/words.ts';

/** The words around the picture. */
export type StreamWords = {
  stream: string;
  play: string;
  pause: string;
  unmute: string;
  mute: string;
  live: string;
  behind(seconds: string): string;
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
    live: '라이브',
    behind: (seconds) => `${seconds}초 전 장면`,
    goLive: '라이브로 이동',
    seek: '재생 위치',
    quality: '화질',
    auto: '자동',
    captions: '자막',
    none: '자막 없음',
    full: '전체 화면',
    inset: '작은 창으로 보기',
    waiting: '방송을 불러오는 중이에요',
    stalled: '방송이 잠시 끊겼어요. 돌아오면 바로 이어집니다.',
    failed: '이 방송은 여기에서 재생할 수 없어요.',
    starts: (when) => `${when}에 시작해요`,
    withPicture: '이야기를 화면에 맞추기',
  },
  en: {
    stream: 'Stream',
    play: 'Play',
    pause: 'Pause',
    unmute: 'Turn the sound on',
    mute: 'Turn the sound off',
    live: 'Live',
    behind: (seconds) => `${seconds} s behind`,
    goLive: 'Go live',
    seek: 'Position',
    quality: 'Quality',
    auto: 'Auto',
    captions: 'Captions',
    none: 'No captions',
    full: 'Full screen',
    inset: 'Picture in picture',
    waiting: 'The stream is loading',
    stalled: 'The stream has stopped for a moment. It goes on by itself.',
    failed: 'This stream cannot be played here.',
    starts: (when) => `Starts ${when}`,
    withPicture: 'Chat follows the picture',
  },
};
