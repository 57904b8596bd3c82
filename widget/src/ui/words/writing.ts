import type { Lang } from './words.ts';

/** The words that are read only where one is written. */
type Writing = {
  write: string;
  send: string;
  later(seconds: string): string;
  mention: string;
  replyTo(nick: string): string;
  editing: string;
};

export const writing: Record<Lang, Writing> = {
  ko: {
    write: '메시지를 입력하세요',
    send: '전송',
    later: (seconds) => `${seconds}초 뒤에 다시 보내요`,
    mention: '부를 사람',
    replyTo: (nick) => `${nick}님에게 답장`,
    editing: '메시지 수정',
  },
  en: {
    write: 'Write a message',
    send: 'Send',
    later: (seconds) => `Sending again in ${seconds} s`,
    mention: 'People to mention',
    replyTo: (nick) => `Reply to ${nick}`,
    editing: 'Edit message',
  },
};
