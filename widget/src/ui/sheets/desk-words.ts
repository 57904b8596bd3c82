import type { Lang } from '../words/words.ts';

/** The words that only moderators read, and those of a report. */
type DeskWords = {
  waiting(count: number): string; nothing: string; reported: string; reports(count: number): string; reasons: Record<string, string>;
  approve: string; approved: string; refuse: string; refused: string; take: string; taken: string; dismiss: string; dismissed: string;
  rules: string; slow: string; off: string; every(seconds: number): string; emojiOnly: string; noLinks: string; hold: string; readOnly: string; closed: string; adults: string;
  closesAt: string; quietDays: string; days(count: number): string; never: string; save: string; saved: string;
  calm: string; calmHint: string; calmed: string; calmUntil(time: string): string; calmEnd: string;
  shield: Record<1 | 2 | 3 | 4, string>; lower: string; lowered: string;
};

export const deskWords: Record<Lang, DeskWords> = {
  ko: {
    waiting: (count) => `승인을 기다리는 메시지 ${count}개`, nothing: '기다리는 메시지가 없어요', reported: '신고된 메시지', reports: (count) => `${count}명이 신고`,
    reasons: { spam: '광고·도배', abuse: '욕설·괴롭힘', private: '개인정보', other: '기타' },
    approve: '승인', approved: '승인했어요', refuse: '거절', refused: '거절했어요', take: '내리기', taken: '메시지를 내렸어요', dismiss: '그대로 두기', dismissed: '그대로 두었어요',
    rules: '대화방 규칙', slow: '천천히 말하기', off: '끄기', every: (seconds) => (seconds < 60 ? `${seconds}초에 한 번` : `${seconds / 60}분에 한 번`), emojiOnly: '이모지만', noLinks: '링크 막기', hold: '처음 온 사람의 글은 승인 후 공개', readOnly: '읽기만', closed: '대화 닫기', adults: '19세 이상',
    closesAt: '닫는 시각', quietDays: '말이 없으면 저절로 닫기', days: (count) => `${count}일 뒤`, never: '닫지 않기', save: '규칙 저장', saved: '규칙을 바꿨어요',
    calm: '진정시키기', calmHint: '10분 동안 천천히 말하기, 링크 막기, 처음 온 사람의 글 승인을 함께 켜요.', calmed: '10분 동안 진정시켜요', calmUntil: (time) => `${time}까지 진정 중`, calmEnd: '지금 끝내기',
    shield: { 1: '방패 1단계: 천천히 말해요', 2: '방패 2단계: 처음 온 사람을 확인해요', 3: '방패 3단계: 처음 온 사람의 글은 승인을 기다려요', 4: '방패 4단계: 아는 사람만 말할 수 있어요' }, lower: '방패 내리기', lowered: '방패를 내렸어요. 10분 동안 다시 올라오지 않아요',
  },
  en: {
    waiting: (count) => (count === 1 ? '1 message waits for approval' : `${count} messages wait for approval`), nothing: 'Nothing waits', reported: 'Reported messages', reports: (count) => (count === 1 ? '1 report' : `${count} reports`),
    reasons: { spam: 'Spam', abuse: 'Abuse', private: 'Personal data', other: 'Other' },
    approve: 'Approve', approved: 'Approved', refuse: 'Refuse', refused: 'Refused', take: 'Take down', taken: 'Taken down', dismiss: 'Leave it', dismissed: 'Left as it is',
    rules: 'Rules of the room', slow: 'Slow mode', off: 'Off', every: (seconds) => (seconds < 60 ? `every ${seconds} s` : `every ${seconds / 60} min`), emojiOnly: 'Emoji only', noLinks: 'No links', hold: 'Approve what new people write', readOnly: 'Read only', closed: 'Close the conversation', adults: 'Adults only (19+)',
    closesAt: 'Closes at', quietDays: 'Close when nobody writes', days: (count) => `after ${count} days`, never: 'never', save: 'Save rules', saved: 'The rules are changed',
    calm: 'Calm', calmHint: 'For 10 minutes: slow mode, no links, and what new people write waits for approval.', calmed: 'Calm for 10 minutes', calmUntil: (time) => `Calm until ${time}`, calmEnd: 'End it now',
    shield: { 1: 'Shield, step 1: everybody slows down', 2: 'Shield, step 2: strangers are checked', 3: 'Shield, step 3: what strangers write waits for approval', 4: 'Shield, step 4: only known people write' }, lower: 'Lower the shield', lowered: 'The shield is down, and stays so for 10 minutes',
  },
};
