/** The words of the pages behind the tabs. */
export type PageWords = {
  tabs: { rooms: string; bans: string; words: string; audit: string; hooks: string; people: string; pair: string; embed: string; errors: string; server: string };
  find: string; none: string; more: string; back: string; openChat: string; messages(count: string): string; reported(count: number): string; waiting(count: number): string; rate(perMinute: string): string; never: string; shield: string; stream: string; rules: string;
  desk: string; deskEmpty: string; search: string; searchHint: string; author(nick: string): string; onlyTheirs: string; clear: string; nothing: string; goOn: string;
  take: string; mute: string; ban: string; undo: string; undone: string; failed: string; taken: string; muted(nick: string): string; banned(nick: string): string;
  streamNow(title: string): string; streamNone: string; streamUrl: string; streamTitle: string; attach: string; attached: string; detach: string; detached: string; streamWrong: string;
  bansEmpty: string; until(at: string): string; forGood: string; allOfSite: string; network: string; isMute: string; isBan: string; lift: string; lifted: string;
  wordsHint: string; blocked: string; allowed: string; standard: string; save: string; saved: string; wordsWrong: string; onePerLine: string;
  auditEmpty: string; shieldDid: string; undoneMark: string; acts: Record<string, string>;
  files: { title: string; hint: string; saved: string; failed: string; bring: string; bringHint: string; busy(done: string, all: string): string; done(taken: string): string; passed(count: string): string; newer: string; bad(line: string, why: string): string; broke: string };
  embed: { title: string; hint: string; site: string; siteHint: string };
  health: string; database: string; databaseAway: string; redis: string; redisNone: string; redisDeaf: string; redisHears: string; lag: string; lagValue(ms: number): string; overloaded: string; sockets: string; versions: string; since: string; thisProcess: string;
  settings: string; settingsHint: string; secret: string; secretNone: string; byDefault: string;
  away: string;
  errors: { hint: string; none: string; times(count: string): string; source: { server: string; widget: string }; version: string; unplaced: string; first: string; last: string };
  doctor: { title: string; hint: string; url: string; look: string; badUrl: string; unseen: string; looks: Record<string, { name: string; wrong: string }> };
};

export const pageWords: Record<'ko' | 'en', PageWords> = {
  ko: {
    tabs: { rooms: '대화', bans: '차단', words: '금지어', audit: '기록', hooks: '알림', people: '운영자', pair: '창 연결', embed: '글에 붙이기', errors: '오류', server: '서버' },
    find: '글 이름이나 제목 찾기', none: '아직 대화가 없어요.', more: '더 보기', back: '모든 대화', openChat: '대화 열기', messages: (count) => `메시지 ${count}개`, reported: (count) => `신고 ${count}`, waiting: (count) => `대기 ${count}`, rate: (n) => `1분에 ${n}개`, never: '아직 아무 말도 없어요', shield: '방패', stream: '방송', rules: '규칙',
    desk: '기다리는 일', deskEmpty: '기다리는 일이 없어요.', search: '메시지', searchHint: '말이나 이름으로 찾기', author: (nick) => `${nick}님의 글`, onlyTheirs: '이 사람의 글만', clear: '모두 보기', nothing: '찾은 메시지가 없어요.', goOn: '더 오래된 글에서 찾기',
    take: '내리기', mute: '10분 멈추기', ban: '차단', undo: '되돌리기', undone: '되돌렸어요', failed: '하지 못했어요. 잠시 뒤에 다시 해 보세요.', taken: '메시지를 내렸어요', muted: (nick) => `${nick}님은 10분 동안 쓸 수 없어요`, banned: (nick) => `${nick}님을 차단했어요`,
    streamNow: (title) => `지금 “${title}” 방송이 붙어 있어요.`, streamNone: '붙은 방송이 없어요.', streamUrl: 'HLS 주소 (.m3u8)', streamTitle: '방송 제목 (선택)', attach: '방송 붙이기', attached: '방송을 붙였어요', detach: '방송 떼기', detached: '방송을 뗐어요', streamWrong: '이 주소의 방송을 볼 수 없어요',
    bansEmpty: '차단하거나 멈춘 사람이 없어요.', until: (at) => `${at}까지`, forGood: '무기한', allOfSite: '블로그 전체', network: '네트워크 포함', isMute: '멈춤', isBan: '차단', lift: '풀기', lifted: '풀었어요',
    wordsHint: '띄어 쓰거나 숫자를 섞어도 찾아요. *별표*를 붙이면 더 긴 말 속에서도 찾아요.', blocked: '쓸 수 없는 말', allowed: '비슷하지만 괜찮은 말', standard: '기본 목록도 함께 쓰기', save: '저장', saved: '저장했어요', wordsWrong: '말은 한 줄에 하나, 50자까지예요.', onePerLine: '한 줄에 하나씩',
    auditEmpty: '아직 기록이 없어요.', shieldDid: '방패', undoneMark: '되돌림', acts: { remove: '메시지를 내림', ban: '차단', mute: '멈춤', unban: '차단 풀기', undo: '되돌리기', pin: '고정', answer: '답변 표시', approve: '승인', refuse: '거절', dismiss: '신고 넘김', rules: '규칙 변경', lower: '방패 내림', shield: '방패 단계', sweep: '글 모두 내림', restore: '글 되돌림', words: '금지어 변경', webhook: '알림 받는 곳 더함', unhook: '알림 받는 곳 지움', import: '파일에서 가져옴' },
    files: {
      title: '파일', hint: '남아 있는 글을 모두 파일로 받아요. 다시 가져올 때는 NDJSON 파일을 써요.', saved: '파일을 저장했어요', failed: '파일을 받지 못했어요', bring: '파일에서 가져오기', bringHint: 'NDJSON 파일의 글을 이 대화의 끝에 이어 붙여요. 이미 있는 글과 지운 글은 건너뛰어요.',
      busy: (done, all) => `가져오는 중이에요. ${all}줄 가운데 ${done}줄을 보냈어요.`, done: (taken) => `글 ${taken}개를 가져왔어요.`, passed: (count) => ` ${count}개는 이미 있거나 지운 글이라 건너뛰었어요.`, newer: '이 대화의 마지막 글보다 오래된 글이 들어 있어서 끝에 이어 붙일 수 없어요.', bad: (line, why) => `파일의 ${line}번째 줄을 가져올 수 없어요: ${why}`, broke: '끝까지 가져오지 못했어요. 같은 파일을 다시 고르면 이어서 가져와요.',
    },
    embed: { title: '글에 붙일 코드', hint: '글의 아이디와 모양을 고르고, 코드를 복사해서 블로그 글에 붙여 넣으세요.', site: '사이트', siteHint: '블로그가 여럿일 때만 적어요' },
    health: '상태', database: '데이터베이스', databaseAway: '답이 없어요', redis: 'Redis', redisNone: '쓰지 않아요 (서버 한 대)', redisDeaf: '들리지 않아요. 다른 서버의 말이 최대 2초 늦어요', redisHears: '모두 들려요', lag: '밀림', lagValue: (ms) => `${ms}ms`, overloaded: '할 일이 너무 많아 새 연결을 받지 않아요', sockets: '연결', versions: '버전', since: '시작', thisProcess: '답한 서버 프로세스 하나의 상태예요.',
    settings: '설정', settingsHint: '환경 변수로 정하고, 바꾸려면 서버를 다시 시작해요.', secret: '정해 두었어요', secretNone: '비어 있어요', byDefault: '기본값',
    away: '지금은 서버에 닿지 않아요.',
    errors: { hint: '종류와 버전, 코드 위치가 같은 오류를 모아 세어요. 오류 메시지와 누구에게 일어났는지는 남기지 않아요. 90일 동안 다시 나타나지 않으면 지워요.', none: '오류가 없어요.', times: (count) => `${count}번`, source: { server: '서버', widget: '위젯' }, version: '버전', unplaced: '위치를 알 수 없어요', first: '처음', last: '마지막' },
    doctor: {
      title: '임베드 진단', hint: '대화를 붙인 글의 주소를 넣으면 무엇이 잘못됐는지 찾아봐요.', url: '글 주소', look: '진단', badUrl: 'http:// 또는 https:// 로 시작하는 주소를 넣어 주세요.', unseen: '여기서는 볼 수 없어요',
      looks: {
        page: { name: '글이 열려요', wrong: '이 주소의 글을 가져오지 못했어요.' },
        snippet: { name: '대화가 붙어 있어요', wrong: '이 글에 우리 embed.js나 iframe이 없어요. 붙여 넣은 코드와 서버 주소를 확인해 주세요.' },
        post_id: { name: '글 이름이 올바라요', wrong: '글 이름(post id)은 1–255자이고 줄바꿈 같은 글자가 없어야 해요.' },
        csp: { name: '블로그의 보안 정책이 허락해요', wrong: '블로그의 Content-Security-Policy에 frame-src로 이 서버를 넣어 주세요.' },
        mixed: { name: '주소의 방식이 같아요', wrong: '블로그는 https인데 이 서버는 http예요. 브라우저가 막으니 PUBLIC_URL을 https로 바꿔 주세요.' },
        ancestors: { name: '이 블로그에서 열 수 있어요', wrong: 'FRAME_ANCESTORS에 이 블로그가 없어요. 지금 값:' },
        reach: { name: '서버에 닿아요', wrong: 'PUBLIC_URL의 /healthz가 답하지 않아요. 프록시나 DNS를 확인해 주세요.' },
        upgrade: { name: '실시간 연결이 돼요', wrong: '앞에 있는 프록시가 WebSocket을 넘겨주지 않아요. Upgrade와 Connection 헤더를 넘기게 해 주세요.' },
        storage: { name: '이름을 기억할 수 있어요', wrong: '저장소가 막힌 브라우저는 https에서만 쿠키로 이름을 기억해요. 서버를 https로 열어 주세요.' },
        hops: { name: '프록시 수가 맞아요', wrong: 'TRUST_PROXY_HOPS가 실제 프록시 수와 달라요. 적으면 모두가 한 주소로 보이고, 많으면 주소를 속일 수 있어요. 본 수 / 설정:' },
      },
    },
  },
  en: {
    tabs: { rooms: 'Rooms', bans: 'Bans', words: 'Words', audit: 'Record', hooks: 'Notify', people: 'Moderators', pair: 'Pair a blog', embed: 'Embed', errors: 'Errors', server: 'Server' },
    find: 'Find a post or title', none: 'No rooms yet.', more: 'Show more', back: 'All rooms', openChat: 'Open the chat', messages: (count) => `${count} messages`, reported: (count) => `${count} reported`, waiting: (count) => `${count} waiting`, rate: (n) => `${n} a minute`, never: 'Nothing said yet', shield: 'shield', stream: 'stream', rules: 'rules',
    desk: 'Waiting for you', deskEmpty: 'Nothing is waiting.', search: 'Messages', searchHint: 'Find words or names', author: (nick) => `Written by ${nick}`, onlyTheirs: 'Only theirs', clear: 'Show all', nothing: 'No messages found.', goOn: 'Look in older ones',
    take: 'Take down', mute: 'Pause 10 min', ban: 'Ban', undo: 'Undo', undone: 'Undone', failed: 'That did not work. Try again in a moment.', taken: 'Taken down', muted: (nick) => `${nick} cannot write for 10 minutes`, banned: (nick) => `${nick} is banned`,
    streamNow: (title) => `“${title}” is attached.`, streamNone: 'No stream is attached.', streamUrl: 'HLS address (.m3u8)', streamTitle: 'Title (optional)', attach: 'Attach the stream', attached: 'Attached', detach: 'Detach it', detached: 'Detached', streamWrong: 'This stream cannot be shown',
    bansEmpty: 'Nobody is banned or paused.', until: (at) => `until ${at}`, forGood: 'for good', allOfSite: 'whole blog', network: 'with their network', isMute: 'paused', isBan: 'banned', lift: 'Lift', lifted: 'Lifted',
    wordsHint: 'Found in spite of blanks and digits. *Stars* find a word inside longer ones too.', blocked: 'Words nobody may say', allowed: 'Words that only look like them', standard: 'Use our own lists too', save: 'Save', saved: 'Saved', wordsWrong: 'One word a line, at most 50 characters each.', onePerLine: 'one a line',
    auditEmpty: 'Nothing yet.', shieldDid: 'the shield', undoneMark: 'undone', acts: { remove: 'took a message down', ban: 'banned', mute: 'paused', unban: 'lifted a ban', undo: 'undid', pin: 'pinned', answer: 'marked as answered', approve: 'approved', refuse: 'refused', dismiss: 'dismissed reports', rules: 'changed the rules', lower: 'lowered the shield', shield: 'changed its step', sweep: 'took all down', restore: 'brought back', words: 'changed the words', webhook: 'told somebody more', unhook: 'told somebody no more', import: 'brought in a file' },
    files: {
      title: 'Files', hint: 'All that stands here, as a file. NDJSON is the one to bring back.', saved: 'The file is saved', failed: 'The file could not be had', bring: 'Bring in a file', bringHint: 'Messages of an NDJSON file go behind the last one here. What is here already, or was deleted, is skipped.',
      busy: (done, all) => `Under way: ${done} of ${all} lines are sent.`, done: (taken) => `${taken} messages were brought in.`, passed: (count) => ` ${count} were skipped: here already, or deleted.`, newer: 'The file has messages older than the last one here, and so cannot go behind it.', bad: (line, why) => `Line ${line} of the file cannot be taken: ${why}`, broke: 'It did not get to the end. Choose the same file again, and it goes on.',
    },
    embed: { title: 'The code for a post', hint: 'Choose the post and how it looks, copy the code, and paste it into the post.', site: 'Site', siteHint: 'only where there are several blogs' },
    health: 'Health', database: 'Database', databaseAway: 'does not answer', redis: 'Redis', redisNone: 'not used (one server)', redisDeaf: 'not heard: words of other servers come up to 2 s late', redisHears: 'all are heard', lag: 'Lag', lagValue: (ms) => `${ms} ms`, overloaded: 'too much to do: no new connections are taken', sockets: 'Connections', versions: 'Versions', since: 'Started', thisProcess: 'Of the one process that answered.',
    settings: 'Settings', settingsHint: 'Set by environment variables; a change takes a restart.', secret: 'set', secretNone: 'not set', byDefault: 'default',
    away: 'The server cannot be reached now.',
    errors: { hint: 'Errors of one kind, version and place in the code are counted together. What they say and whom they met is not kept; what is not seen again for 90 days is deleted.', none: 'No errors.', times: (count) => `${count}×`, source: { server: 'server', widget: 'widget' }, version: 'Version', unplaced: 'place unknown', first: 'first', last: 'last' },
    doctor: {
      title: 'Embed doctor', hint: 'Give it the address of a post that should have the chat; it says what is wrong.', url: 'Address of the post', look: 'Look', badUrl: 'An address starts with http:// or https://.', unseen: 'cannot be seen from here',
      looks: {
        page: { name: 'The post opens', wrong: 'The post at this address could not be fetched.' },
        snippet: { name: 'The chat is in it', wrong: 'There is neither our embed.js nor a frame of ours in this post. Check the snippet and the server’s address.' },
        post_id: { name: 'The post id is good', wrong: 'A post id has 1 to 255 characters and no control characters.' },
        csp: { name: 'The blog’s policy allows it', wrong: 'Add this server to frame-src in the blog’s Content-Security-Policy.' },
        mixed: { name: 'Both speak the same', wrong: 'The blog is https and this server http, which browsers block. Make PUBLIC_URL https.' },
        ancestors: { name: 'This blog may frame it', wrong: 'FRAME_ANCESTORS does not name this blog. It is:' },
        reach: { name: 'The server is reached', wrong: '/healthz at PUBLIC_URL does not answer. Look at the proxy and DNS.' },
        upgrade: { name: 'Sockets open', wrong: 'What stands before the server does not pass WebSockets on: let the headers Upgrade and Connection through.' },
        storage: { name: 'Names can be kept', wrong: 'Where storage is blocked a name is kept in a cookie, which takes https.' },
        hops: { name: 'The proxies are counted right', wrong: 'TRUST_PROXY_HOPS is not the number of your proxies. Too few, and everybody has one address; too many, and an address can be forged. Seen / set:' },
      },
    },
  },
};
