import type { Place } from '../../state/keeper.ts';
import type { Scene } from '../scene.ts';
import type { Lang } from '../words/words.ts';

/** The words that are read only where something lies over the conversation. */
export type SheetWords = {
  react: string;
  menu: string;
  strangers(count: string): string;
  reply: string;
  edit: string;
  remove: string;
  removeSure: string;
  copy: string;
  copyLink: string;
  moreEmoji: string;
  kept: Record<Place, string>;
  keptTitle: string;
  forget: string;
  forgetSure: string;
  close: string;
};

export const sheetWords: Record<Lang, SheetWords> = {
  ko: {
    react: '반응하기',
    menu: '메시지 메뉴',
    strangers: (count) => `이름 없이 읽고 있는 사람 ${count}명`,
    reply: '답장',
    edit: '수정',
    remove: '삭제',
    removeSure: '정말 삭제할까요? 되돌릴 수 없어요.',
    copy: '복사',
    copyLink: '링크 복사',
    moreEmoji: '다른 이모지',
    kept: {
      storage: '이름과 동물은 이 브라우저에만 저장돼요. 브라우저 데이터를 지우거나 시크릿 창, 다른 기기에서 열면 새 동물이 돼요. 블로그마다 따로 저장될 수도 있어요.',
      cookie: '저장소가 막혀 있어서 이 블로그 전용 쿠키 하나에 저장돼요. 쿠키를 지우거나 다른 기기에서 열면 새 동물이 돼요.',
      memory: '이 브라우저는 아무것도 저장하지 못하게 해요. 창을 닫으면 새 동물이 돼요.',
    },
    keptTitle: '내 이름은 어디에 저장되나요?',
    forget: '이 브라우저에서 나를 잊기',
    forgetSure: '이름과 동물, 쓰던 글이 지워지고 지금까지 쓴 메시지를 더는 고칠 수 없어요. 잊을까요?',
    close: '닫기',
  },
  en: {
    react: 'React',
    menu: 'Message menu',
    strangers: (count) => (count === '1' ? '1 person reading without a name' : `${count} people reading without a name`),
    reply: 'Reply',
    edit: 'Edit',
    remove: 'Delete',
    removeSure: 'Delete for everyone? This cannot be undone.',
    copy: 'Copy',
    copyLink: 'Copy link',
    moreEmoji: 'More emoji',
    kept: {
      storage: 'Your name and animal are kept in this browser only. Clear its data, open a private window or use another device, and you become a new animal. Each blog may keep its own.',
      cookie: 'Storage is blocked here, so you are kept in one cookie for this blog alone. Clear it or use another device, and you become a new animal.',
      memory: 'This browser keeps nothing. Close the window, and you become a new animal.',
    },
    keptTitle: 'Where am I kept?',
    forget: 'Forget me in this browser',
    forgetSure: 'Your name, animal and drafts will be erased, and you can no longer change what you wrote. Forget me?',
    close: 'Close',
  },
};

export function wordsFor({ config }: Scene): SheetWords {
  return sheetWords[config.value.lang];
}
