/** The words of who is told of what. */
export type HookWords = {
  title: string; more: string; hint: string; none: string; add: string; url: string; urlHint: Record<Kind, string>; kind: string; kinds: Record<Kind, string>; events: string; event: Record<string, string>; where: string; whereAll: string; lang: string; make: string;
  key: string; keyHint: string; copy: string; copied: string; test: string; testOk: string; testFailed(why: string): string; remove: string; sure: string; cancel: string; removed: string; waiting(count: number): string; dead(count: number): string; off: string; replay: string; replayed(count: number): string; late: string;
  wrong: Record<string, string>; tries(count: number): string; next(at: string): string; givenUp: string; why: Record<string, string>;
  deciding: string; did: Record<'approve' | 'refuse', string>; decided: string; expired: string; away: string; again: string; room: string;
};
export type Kind = 'json' | 'slack' | 'discord' | 'telegram';

export const hookWords: Record<'ko' | 'en', HookWords> = {
  ko: {
    title: '알림 받는 곳', more: '자세히', hint: '첫 메시지, 신고, 승인을 기다리는 글을 원하는 곳으로 알려요.', none: '아직 알림 받는 곳이 없어요.', add: '알림 받는 곳 더하기', url: '주소',
    urlHint: { json: 'https://example.com/hook', slack: 'https://hooks.slack.com/services/…', discord: 'https://discord.com/api/webhooks/…', telegram: 'https://api.telegram.org/bot…/sendMessage?chat_id=…' },
    kind: '어디로', kinds: { slack: 'Slack', discord: 'Discord', telegram: 'Telegram', json: '프로그램 (JSON)' }, events: '무엇을', event: { message: '메시지', digest: '메시지 모음', report: '신고', held: '승인 대기', ban: '차단', stream: '방송' }, where: '글 하나만 (postId)', whereAll: '모든 글', lang: '알림의 언어', make: '더하기',
    key: '서명 열쇠', keyHint: '온 것이 이 서버의 것인지 이 열쇠로 확인해요.', copy: '복사', copied: '복사했어요', test: '시험 삼아 보내기', testOk: '보냈고, 받았다고 답했어요', testFailed: (why) => `보내지 못했어요: ${why}`, remove: '지우기', sure: '이 알림을 지울까요? 기다리던 것은 보내지 않아요.', cancel: '취소', removed: '지웠어요', waiting: (n) => `기다림 ${n}`, dead: (n) => `못 보냄 ${n}`, off: '받는 곳이 없어져서 꺼졌어요', replay: '다시 보내기', replayed: (n) => `${n}개를 다시 보내요`, late: '아직 알리지 못한 것',
    wrong: { bad_url: '주소를 다시 확인해 주세요. Telegram은 chat_id까지 필요해요.', bad_port: '80과 443이 아닌 포트는 WEBHOOK_ALLOW에 적어야 해요.', private_address: '서버가 있는 네트워크 안의 주소는 WEBHOOK_ALLOW에 적어야 해요.', bad_events: '무엇을 알릴지 하나는 골라 주세요.', too_many: '50개까지 만들 수 있어요.' },
    tries: (n) => `${n}번 시도`, next: (at) => `${at}에 다시`, givenUp: '더 보내지 않음', why: { too_slow: '5초 안에 답이 없어요', unreachable: '닿지 않아요', private_address: '내부 네트워크 주소라서 막았어요' },
    deciding: '처리하는 중…', did: { approve: '승인했어요. 이제 모두에게 보여요.', refuse: '거절했어요. 아무에게도 보이지 않아요.' }, decided: '이미 처리됐거나, 쓴 사람이 거둔 글이에요.', expired: '쓸 수 없는 링크예요. 일주일이 지났거나 잘렸을 수 있어요.', away: '지금은 서버에 닿지 않아요.', again: '다시', room: '대화 열기',
  },
  en: {
    title: 'Who is told', more: 'Details', hint: 'First messages, reports and what waits for approval, told wherever you like.', none: 'Nobody is told yet.', add: 'Tell somebody', url: 'Address',
    urlHint: { json: 'https://example.com/hook', slack: 'https://hooks.slack.com/services/…', discord: 'https://discord.com/api/webhooks/…', telegram: 'https://api.telegram.org/bot…/sendMessage?chat_id=…' },
    kind: 'Where', kinds: { slack: 'Slack', discord: 'Discord', telegram: 'Telegram', json: 'a program (JSON)' }, events: 'What', event: { message: 'messages', digest: 'digest', report: 'reports', held: 'waiting for approval', ban: 'bans', stream: 'streams' }, where: 'One post only (postId)', whereAll: 'All posts', lang: 'Language', make: 'Add',
    key: 'Signing key', keyHint: 'By it a program knows that it is this server.', copy: 'Copy', copied: 'Copied', test: 'Send a test', testOk: 'Sent, and taken', testFailed: (why) => `It did not arrive: ${why}`, remove: 'Delete', sure: 'Delete this? What waits is not sent.', cancel: 'Cancel', removed: 'Deleted', waiting: (n) => `${n} waiting`, dead: (n) => `${n} given up`, off: 'off: its receiver is gone', replay: 'Try again', replayed: (n) => `${n} are sent again`, late: 'Not told yet',
    wrong: { bad_url: 'Check the address. Telegram’s needs a chat_id.', bad_port: 'Ports other than 80 and 443 have to stand in WEBHOOK_ALLOW.', private_address: 'Addresses inside the server’s own network have to stand in WEBHOOK_ALLOW.', bad_events: 'Pick something to be told of.', too_many: 'There can be 50.' },
    tries: (n) => `${n} ${n === 1 ? 'try' : 'tries'}`, next: (at) => `again at ${at}`, givenUp: 'given up', why: { too_slow: 'no answer within 5 s', unreachable: 'not reached', private_address: 'an inside address, refused' },
    deciding: 'Working…', did: { approve: 'Approved: everybody sees it now.', refuse: 'Refused: nobody sees it.' }, decided: 'This was decided already, or taken back.', expired: 'This link is not good: it is older than a week, or cut off.', away: 'The server cannot be reached now.', again: 'Again', room: 'Open the chat',
  },
};
