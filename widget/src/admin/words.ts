/** Every word of our own page for moderators. */
export type AdminWords = {
  title: string; hello(name: string): string; owner: string; moderator: string; everywhere: string; ofSite(site: string): string; ofRoom(room: string): string;
  redeeming: string; spent: string; lost: string; away: string; again: string; keyless: string; signOut: string;
  pairTitle: string; pairHint: string; code: string; look: string; nobody: string; room: string; site: string; blog: string; age: string; ago(seconds: number): string; ask: string; yes: string; no: string; paired: string; pairWarn: string;
  people: string; invite: string; name: string; where: string; whereAll: string; whereRoom: string; make: string; link: string; copy: string; copied: string; linkHint: string; waiting: string; revoke: string; sure(name: string): string; cancel: string; badName: string;
  token: string; enter: string; tokenWrong: string;
};

export const words: Record<'ko' | 'en', AdminWords> = {
  ko: {
    title: '관리', hello: (name) => `${name}님`, owner: '주인장', moderator: '운영자', everywhere: '모든 대화', ofSite: (site) => `사이트 ${site || '기본'}`, ofRoom: (room) => `대화 ${room}`,
    redeeming: '초대를 확인하는 중…', spent: '이미 쓴 초대이거나 하루가 지났어요. 새 초대를 받아 주세요.', lost: '권한이 없어요. 초대 링크를 열거나 관리 토큰을 입력해 주세요.', away: '지금은 서버에 닿지 않아요.', again: '다시', keyless: '관리하려면 초대 링크가 필요해요.', signOut: '이 브라우저에서 나가기',
    pairTitle: '블로그 안에서 관리하기', pairHint: '대화 창의 프로필 → “이 대화 관리하기”에 나온 여섯 글자를 입력하세요.', code: '코드', look: '확인', nobody: '이 코드를 기다리는 창이 없어요. 5분이 지났거나 다른 대화일 수 있어요.', room: '대화', site: '사이트', blog: '블로그', age: '코드를 만든 때', ago: (s) => (s < 60 ? `${s}초 전` : `${Math.floor(s / 60)}분 전`), ask: '이 창에서 관리할까요?', yes: '네, 이 창에서 관리하기', no: '아니요', paired: '이제 그 창에서 관리할 수 있어요.', pairWarn: '직접 누른 것이 아니라면 아니요를 누르세요. 다른 사람이 보낸 코드는 입력하지 마세요.',
    people: '함께 관리하는 사람', invite: '초대하기', name: '이름', where: '어디를', whereAll: '모든 대화', whereRoom: '대화 하나 (postId)', make: '초대 링크 만들기', link: '초대 링크', copy: '복사', copied: '복사했어요', linkHint: '한 번만, 하루 동안 쓸 수 있어요. 받을 사람에게만 보내세요.', waiting: '초대를 기다리는 중', revoke: '권한 거두기', sure: (name) => `${name}님의 권한을 거둘까요? 되돌릴 수 없고, 다시 초대해야 해요.`, cancel: '취소', badName: '이름은 2–15자예요.',
    token: '관리 토큰', enter: '들어가기', tokenWrong: '맞지 않는 토큰이에요.',
  },
  en: {
    title: 'Moderation', hello: (name) => name, owner: 'Owner', moderator: 'Moderator', everywhere: 'all rooms', ofSite: (site) => `site ${site || 'default'}`, ofRoom: (room) => `room ${room}`,
    redeeming: 'Looking at your invitation…', spent: 'This invitation was used, or is older than a day. Ask for a new one.', lost: 'You may not moderate here. Open an invitation link, or enter the operator’s token.', away: 'The server cannot be reached now.', again: 'Again', keyless: 'To moderate you need an invitation link.', signOut: 'Leave in this browser',
    pairTitle: 'Moderate inside a blog', pairHint: 'Type the six letters that the chat shows under profile → “Moderate this conversation”.', code: 'Code', look: 'Look', nobody: 'No frame waits under this code: it is older than five minutes, or of another room.', room: 'Room', site: 'Site', blog: 'Blog', age: 'Code made', ago: (s) => (s < 60 ? `${s} s ago` : `${Math.floor(s / 60)} min ago`), ask: 'Moderate in that window?', yes: 'Yes, moderate there', no: 'No', paired: 'You can moderate in that window now.', pairWarn: 'If you did not press a button there yourself, say no. Never type a code that somebody sent you.',
    people: 'Who moderates', invite: 'Invite', name: 'Name', where: 'Where', whereAll: 'All rooms', whereRoom: 'One room (postId)', make: 'Make an invitation link', link: 'Invitation link', copy: 'Copy', copied: 'Copied', linkHint: 'Good once, for a day. Send it to that person only.', waiting: 'invited, not here yet', revoke: 'Revoke', sure: (name) => `Take ${name}’s rights away? That cannot be undone; they would have to be invited again.`, cancel: 'Cancel', badName: 'A name has 2 to 15 letters.',
    token: 'Operator’s token', enter: 'Enter', tokenWrong: 'This is not the token.',
  },
};
