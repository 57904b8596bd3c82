import type { Avatar, RefusalCode } from '@aside/server/protocol';
import type { Lang } from './words.ts';

/** The words that are read only where a name is taken. */
export type Naming = {
  pickName: string;
  pickHint: string;
  nick: string;
  start: string;
  reroll: string;
  badNick: Partial<Record<RefusalCode, string>>;
  animals: Record<Avatar, string>;
  moods: readonly string[];
};

export const naming: Record<Lang, Naming> = {
  ko: {
    pickName: '사용할 닉네임을 입력하세요',
    pickHint: '2–15자 · 아바타를 누르면 다른 동물로 바뀌어요',
    nick: '닉네임',
    start: '시작',
    reroll: '다른 동물로 바꾸기',
    badNick: {
      nick_invalid: '2–15자로, 보이는 글자만 쓸 수 있어요',
      nick_lookalike: '운영진으로 보일 수 있는 이름이에요',
    },
    animals: {
      raccoon: '너구리', fox: '여우', owl: '부엉이', whale: '고래', panda: '판다', cat: '고양이', rabbit: '토끼', penguin: '펭귄',
      otter: '수달', bear: '곰', frog: '개구리', hedgehog: '고슴도치', tiger: '호랑이', koala: '코알라', turtle: '거북이', duck: '오리',
    },
    moods: ['익명의', '느긋한', '졸린', '수줍은', '조용한', '다정한'],
  },
  en: {
    pickName: 'Pick a name to join in',
    pickHint: '2–15 characters · press the animal for another',
    nick: 'Name',
    start: 'Start',
    reroll: 'Another animal',
    badNick: {
      nick_invalid: 'Use 2–15 visible characters',
      nick_lookalike: 'That name could be taken for a moderator’s',
    },
    animals: {
      raccoon: 'raccoon', fox: 'fox', owl: 'owl', whale: 'whale', panda: 'panda', cat: 'cat', rabbit: 'rabbit', penguin: 'penguin',
      otter: 'otter', bear: 'bear', frog: 'frog', hedgehog: 'hedgehog', tiger: 'tiger', koala: 'koala', turtle: 'turtle', duck: 'duck',
    },
    // With the longest animal a mood of six letters makes fifteen.
    moods: ['Quiet', 'Sleepy', 'Gentle', 'Merry', 'Lucky', 'Shy'],
  },
};
