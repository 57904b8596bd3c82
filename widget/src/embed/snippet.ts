/** What an author chooses of a room, and the code that is pasted for it: on the demo blog and in our own page the same. */
export const ways = ['line', 'element', 'frame', 'link'] as const;
export type Way = (typeof ways)[number];
export type Chosen = { id: string; site?: string; mapping: string; theme: string; lang: string; title: string; height: string; badge: boolean | string };

/** What can be chosen only of some ways. */
export const asked: Record<'mapping' | 'theme' | 'title' | 'height' | 'badge', readonly Way[]> = {
  mapping: ['line', 'element'], theme: ['line', 'element', 'frame'], title: ['line', 'element', 'frame'], height: ['line', 'element', 'frame'], badge: ['line', 'element'],
};
export const HEIGHT = '\\d{2,4}(-\\d{2,4})?';

/** Of these a page may be the name of its room. */
export function isNamed(way: Way): boolean {
  return way === 'line' || way === 'element';
}

export const builderWords = {
  ko: {
    way: '방법', ways: { line: '한 줄', element: '요소', frame: '프레임만', link: '링크와 배지' }, id: '글의 아이디', idHint: '비워 두면 페이지의 주소가 방이 돼요', idNeeded: '이 방법에는 아이디가 필요해요', example: 'my-first-post',
    mapping: '방의 이름', mappings: { pathname: '주소 (호스트와 경로)', canonical: '대표 주소', title: '제목' }, theme: '테마', themes: { auto: '페이지를 따라', light: '밝게', dark: '어둡게', sepia: '세피아', midnight: '한밤', black: '검정' },
    lang: '언어', langs: { '': '독자의 언어', ko: '한국어', en: 'English' }, title: '머리글', height: '높이', heightHint: '픽셀. 320-640처럼 범위도 돼요', badge: '읽지 않은 수를 페이지 제목에', code: '붙일 코드', copy: '복사', copied: '복사했어요', failed: '직접 선택해서 복사해 주세요',
    preview: '미리 보기', frameTitle: '이 글의 대화방',
  },
  en: {
    way: 'Way', ways: { line: 'One line', element: 'Element', frame: 'Bare frame', link: 'Link and badge' }, id: 'Id of the post', idHint: 'Left empty, the page’s address is the room', idNeeded: 'This way needs an id', example: 'my-first-post',
    mapping: 'Name of the room', mappings: { pathname: 'Address (host and path)', canonical: 'Canonical address', title: 'Title' }, theme: 'Theme', themes: { auto: 'As the page', light: 'Light', dark: 'Dark', sepia: 'Sepia', midnight: 'Midnight', black: 'Black' },
    lang: 'Language', langs: { '': 'The reader’s', ko: '한국어', en: 'English' }, title: 'Header', height: 'Height', heightHint: 'Pixels, or two bounds such as 320-640', badge: 'Unread count in the page’s title', code: 'The code', copy: 'Copy', copied: 'Copied', failed: 'Please select and copy it by hand',
    preview: 'Preview', frameTitle: 'Chat about this post',
  },
};

const quoted = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The attributes that are not as they would be anyway. */
function attributesOf({ id, site = '', mapping, theme, lang, title, height, badge }: Chosen, prefix: string): string {
  const said = { 'post-id': id, site, mapping: id === '' && mapping !== 'pathname' ? mapping : '', theme: theme === 'auto' ? '' : theme, lang, title, height: height === '480' ? '' : height };
  const written = Object.entries(said).filter(([, value]) => value !== '').map(([name, value]) => ` ${prefix}${name}="${quoted(value)}"`);
  return written.join('') + (badge ? ` ${prefix}badge` : '');
}

/** The code of each way. `chat` is the server's origin. */
export function snippetOf(way: Way, chosen: Chosen, chat: string, frameTitle: string): string {
  const { id, site = '', theme, lang, title, height } = chosen;
  const high = Number.parseInt(height, 10) || 480;
  if (way === 'line') {
    // Without a name for the room the line would only make the element known.
    const named = id === '' && chosen.mapping === 'pathname' ? ' data-mapping="pathname"' : '';
    return `<script async src="${chat}/embed.js"${named}${attributesOf(chosen, 'data-')}></script>`;
  }
  if (way === 'element') return `<script async src="${chat}/embed.js"></script>\n<aside-chat${attributesOf(chosen, '')} style="display:block;height:${high}px"></aside-chat>`;
  if (way === 'link') {
    return `<a href="${quoted(`${chat}/room/${encodeURIComponent(id)}${query({ site })}`)}"><img src="${quoted(`${chat}/badge/${encodeURIComponent(id)}.svg${query({ site, lang: lang === 'en' ? lang : '' })}`)}" alt="${quoted(frameTitle)}" height="28"></a>`;
  }
  return `<iframe
  src="${quoted(`${chat}/embed${query({ postId: id, site, theme, lang, title })}`)}"
  title="${quoted(title || frameTitle)}"
  sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"
  referrerpolicy="strict-origin"
  loading="lazy"
  style="width: 100%; height: ${high}px; border: 0"></iframe>`;
}

function query(members: Record<string, string>): string {
  const said = Object.entries(members).filter(([, value]) => value !== '');
  return said.length > 0 ? `?${new URLSearchParams(said)}` : '';
}
