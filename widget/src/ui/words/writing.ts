import type { Lang, Words } from './words.ts';

/** The words that are read only where one is written. */
type Writing = {
  write: string;
  send: string;
  later(seconds: string): string;
  mention: string;
  replyTo(nick: string): string;
  editing: string;
  /** Why words were not taken yet; put into {@link Words} when writing is first possible. */
  why: Words['why'];
};

export const writing: Record<Lang, Writing> = {
  ko: {
    write: '메시지를 입력하세요',
    send: '전송',
    later: (seconds) => `${seconds}초 뒤에 다시 보내요`,
    mention: '부를 사람',
    replyTo: (nick) => `${nick}님에게 답장`,
    editing: '메시지 수정',
    why: {
      too_long: '너무 길어요',
      slow_mode: '천천히 말하는 방이에요. 차례가 되면 보낼게요',
      rate: '조금 빨라요. 잠시 뒤에 보낼게요',
      room_busy: '지금 말이 많아요. 잠시 뒤에 보낼게요',
      overloaded: '서버가 바빠요. 곧 다시 보낼게요',
      store_down: '아직 저장되지 않았어요. 곧 다시 보낼게요',
      banned: '이 대화에 글을 쓸 수 없어요',
      muted: '운영자가 잠시 멈추게 했어요. 시간이 되면 보낼게요',
    },
  },
  en: {
    write: 'Write a message',
    send: 'Send',
    later: (seconds) => `Sending again in ${seconds} s`,
    mention: 'People to mention',
    replyTo: (nick) => `Reply to ${nick}`,
    editing: 'Edit message',
    why: {
      too_long: 'Too long',
      slow_mode: 'This room is in slow mode. It goes out when it is your turn',
      rate: 'That was fast. It goes out in a moment',
      room_busy: 'The room is busy. It goes out in a moment',
      overloaded: 'The server is busy. It goes out soon',
      store_down: 'Not saved yet. It goes out soon',
      banned: 'You cannot write here',
      muted: 'A moderator paused you. It goes out when that is over',
    },
  },
};
