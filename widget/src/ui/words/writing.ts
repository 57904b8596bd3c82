import type { Lang, Words } from './words.ts';

/** The words that are read only where one is written. */
export type Writing = {
  write: string;
  /** In place of it, by the room's rules. */
  emojiOnly: string;
  waits: string;
  slowly(seconds: number): string;
  /** What waits for a moderator. */
  desk(count: number): string;
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
    emojiOnly: '지금은 이모지만 보낼 수 있어요',
    waits: '처음 온 분의 글은 승인 후 보여요',
    slowly: (seconds) => (seconds < 60 ? `${seconds}초에 한 번 말할 수 있어요` : `${Math.round(seconds / 60)}분에 한 번 말할 수 있어요`),
    desk: (count) => `기다리는 일 ${count}개`,
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
      duplicate: '방금 나온 말이에요. 조금 바꿔서 보내 주세요',
      flood: '같은 글자나 줄이 너무 많아요. 줄여서 보내 주세요',
      bad_word: '여기서 쓸 수 없는 말이 있어요. 바꿔서 보내 주세요',
      no_links: '지금은 링크를 올릴 수 없어요. 링크를 빼 주세요',
      emoji_only: '지금은 이모지로만 말할 수 있어요',
      unwanted: '받아들여지지 않았어요. 바꿔서 보내 주세요',
      stamp: '확인하지 못했어요. 다시 보내 주세요',
      read_only: '지금은 읽기만 할 수 있어요',
      closed: '닫힌 대화예요',
    },
  },
  en: {
    write: 'Write a message',
    emojiOnly: 'Only emoji for now',
    waits: 'What new people write is approved first',
    slowly: (seconds) => `One message every ${seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}`,
    desk: (count) => `${count} to look at`,
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
      duplicate: 'That was just said. Change it a little',
      flood: 'Too much of the same letter, or too many lines. Make it shorter',
      bad_word: 'There is a word in it that is not for here. Change it',
      no_links: 'No links right now. Take it out',
      emoji_only: 'Only emoji right now',
      unwanted: 'Not taken. Change it',
      stamp: 'This could not be checked. Send it again',
      read_only: 'Reading only right now',
      closed: 'This conversation is closed',
    },
  },
};
