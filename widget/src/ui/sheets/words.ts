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
  /** What one wrote, to take along and to take back. */
  mine: { download: string; erase: string; eraseSure: string; failed: string };
  close: string;
  moderate: string;
  report: string;
  reportWhy: string;
  reportDone: string;
  /** What one does not want to read. */
  hidden: { hide: string; done(nick: string): string; title: string; hint: string; people: string; nobody: string; words: string; word: string; add: string; show: string };
  /** What a moderator does, and what came of it. */
  mod: {
    take: string; taken: string; pin: string; unpin: string; pinned: string; unpinned: string; answer: string; unanswer: string; answered: string; unanswered: string;
    mute: string; muted(nick: string, span: string): string; ban: string; banned(nick: string): string; banTitle(nick: string): string;
    reason: string; sweep: string; network: string; span: string; spans: Record<number, string>; ever: string; undo: string; undone: string; failed: string;
  };
  pair: {
    title: string; already: string; intro: string; open: string; code(page: string): string; wait: string; refused: string; ownWindow: string; stop: string;
  };
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
    mine: {
      download: '내가 쓴 글 내려받기', erase: '내가 쓴 글 지우기',
      eraseSure: '이 블로그의 모든 대화에서 내가 쓴 글과 반응이 모두에게서 사라지고, 이 브라우저도 나를 잊어요. 되돌릴 수 없어요. 지울까요?', failed: '하지 못했어요. 잠시 뒤에 다시 해 주세요.',
    },
    close: '닫기',
    moderate: '이 대화 관리하기',
    report: '신고',
    reportWhy: '무엇이 문제인가요?',
    reportDone: '운영자에게 알렸어요',
    hidden: {
      hide: '이 사람 글 숨기기', done: (nick) => `${nick}님의 글을 숨겼어요`, title: '숨긴 사람과 낱말', hint: '나에게만 보이지 않아요. 이 브라우저에만 저장되고 아무에게도 알리지 않아요.',
      people: '숨긴 사람', nobody: '아직 없어요. 메시지 메뉴에서 숨길 수 있어요.', words: '숨긴 낱말', word: '이 낱말이 든 글 숨기기', add: '추가', show: '다시 보기',
    },
    mod: {
      take: '메시지 내리기', taken: '메시지를 내렸어요', pin: '고정', unpin: '고정 풀기', pinned: '고정했어요', unpinned: '고정을 풀었어요',
      answer: '답변됨으로 표시', unanswer: '답변됨 표시 지우기', answered: '답변됨으로 표시했어요', unanswered: '표시를 지웠어요',
      mute: '잠시 멈추게 하기', muted: (nick, span) => `${nick}님은 ${span} 동안 쓸 수 없어요`, ban: '차단…', banned: (nick) => `${nick}님을 차단했어요`, banTitle: (nick) => `${nick}님 차단`,
      reason: '이유 (선택, 기록에만 남아요)', sweep: '지금까지 쓴 메시지도 모두 내리기', network: '같은 네트워크에서 오는 글은 하루 동안 승인 받기', span: '기간', spans: { 10: '10초', 60: '1분', 600: '10분', 3600: '1시간', 86400: '하루', 604800: '일주일', 2592000: '30일' }, ever: '무기한',
      undo: '되돌리기', undone: '되돌렸어요', failed: '하지 못했어요. 권한이 바뀌었을 수 있어요.',
    },
    pair: {
      title: '이 대화 관리하기', already: '메시지를 내리거나 사람을 멈추게 하는 일은 그 메시지의 메뉴에 있어요.',
      intro: '관리자라면 새 창에서 확인해 주세요. 열쇠는 이 창에 입력하지 않아요.', open: '새 창에서 확인', code: (page) => `창이 열리지 않으면 ${page}에서 이 코드를 입력하세요. 5분 동안 쓸 수 있어요.`, wait: '코드를 만드는 중…',
      refused: '이 서버는 다른 페이지 안에서 관리하는 것을 막아 두었어요. 새 창에서 열면 관리할 수 있어요.', ownWindow: '새 창에서 대화 열기', stop: '이 창에서 관리 그만두기',
    },
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
    mine: {
      download: 'Download what I wrote', erase: 'Erase what I wrote',
      eraseSure: 'Everything you wrote in all conversations of this blog, and your reactions, will be gone for everyone, and this browser forgets you. This cannot be undone. Erase it?', failed: 'That did not work. Please try again in a moment.',
    },
    close: 'Close',
    moderate: 'Moderate this conversation',
    report: 'Report',
    reportWhy: 'What is wrong with it?',
    reportDone: 'The moderators have been told',
    hidden: {
      hide: 'Hide what they write', done: (nick) => `What ${nick} writes is hidden`, title: 'Hidden people and words', hint: 'Hidden from you alone. Kept in this browser and told to nobody.',
      people: 'Hidden people', nobody: 'Nobody yet. The menu of a message hides who wrote it.', words: 'Hidden words', word: 'Hide messages with this word', add: 'Add', show: 'Show again',
    },
    mod: {
      take: 'Take down', taken: 'Taken down', pin: 'Pin', unpin: 'Unpin', pinned: 'Pinned', unpinned: 'Unpinned',
      answer: 'Mark as answered', unanswer: 'Remove the answered mark', answered: 'Marked as answered', unanswered: 'The mark is gone',
      mute: 'Pause', muted: (nick, span) => `${nick} cannot write for ${span}`, ban: 'Ban…', banned: (nick) => `${nick} is banned`, banTitle: (nick) => `Ban ${nick}`,
      reason: 'Reason (optional, for the record only)', sweep: 'Take down everything they wrote', network: 'For a day, approve what comes from their network', span: 'For how long', spans: { 10: '10 s', 60: '1 min', 600: '10 min', 3600: '1 hour', 86400: '1 day', 604800: '1 week', 2592000: '30 days' }, ever: 'For good',
      undo: 'Undo', undone: 'Undone', failed: 'That did not work. Your rights may have changed.',
    },
    pair: {
      title: 'Moderate this conversation', already: 'To take a message down or to pause somebody, open the menu of the message.',
      intro: 'Moderators confirm in a window of our own. Never type a key in here.', open: 'Confirm in a new window', code: (page) => `If no window opens, type this code at ${page}. It is good for five minutes.`, wait: 'Making a code…',
      refused: 'This server does not allow moderating inside other pages. In a window of its own you can.', ownWindow: 'Open in a new window', stop: 'Stop moderating here',
    },
  },
};

export function wordsFor({ config }: Scene): SheetWords {
  return sheetWords[config.value.lang];
}
