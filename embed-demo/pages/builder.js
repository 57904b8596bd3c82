/**
 * `<aside-builder chat="https://chat.example" lang="ko">`: choose, look, copy. It writes what an author pastes, and shows
 * what readers will see. It needs the styles of the page around it, and no other script.
 */
const words = {
  ko: {
    way: '방법', ways: { line: '한 줄', element: '요소', frame: '프레임만', link: '링크와 배지' }, id: '글의 아이디', idHint: '비워 두면 페이지의 주소가 방이 됩니다', idNeeded: '이 방법에는 아이디가 필요해요', example: 'my-first-post',
    mapping: '방의 이름', mappings: { pathname: '주소 (호스트와 경로)', canonical: '대표 주소', title: '제목' }, theme: '테마', themes: { auto: '페이지를 따라', light: '밝게', dark: '어둡게', sepia: '세피아', midnight: '한밤', black: '검정' },
    lang: '언어', langs: { '': '독자의 언어', ko: '한국어', en: 'English' }, title: '머리글', height: '높이', heightHint: '픽셀. 320-640처럼 범위도 됩니다', badge: '읽지 않은 수를 페이지 제목에', code: '붙일 코드', copy: '복사', copied: '복사했어요', failed: '직접 선택해서 복사해 주세요',
    preview: '미리 보기', frameTitle: '이 글의 대화방',
  },
  en: {
    way: 'Way', ways: { line: 'One line', element: 'Element', frame: 'Bare frame', link: 'Link and badge' }, id: 'Id of the post', idHint: 'Left empty, the page’s address is the room', idNeeded: 'This way needs an id', example: 'my-first-post',
    mapping: 'Name of the room', mappings: { pathname: 'Address (host and path)', canonical: 'Canonical address', title: 'Title' }, theme: 'Theme', themes: { auto: 'As the page', light: 'Light', dark: 'Dark', sepia: 'Sepia', midnight: 'Midnight', black: 'Black' },
    lang: 'Language', langs: { '': 'The reader’s', ko: '한국어', en: 'English' }, title: 'Header', height: 'Height', heightHint: 'Pixels, or two bounds such as 320-640', badge: 'Unread count in the page’s title', code: 'The code', copy: 'Copy', copied: 'Copied', failed: 'Please select and copy it by hand',
    preview: 'Preview', frameTitle: 'Chat about this post',
  },
};

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The attributes that are not as they would be anyway. */
function attributesOf({ id, mapping, theme, lang, title, height, badge }, prefix) {
  const said = { 'post-id': id, mapping: id === '' && mapping !== 'pathname' ? mapping : '', theme: theme === 'auto' ? '' : theme, lang, title, height: height === '480' ? '' : height };
  const written = Object.entries(said).filter(([, value]) => value !== '').map(([name, value]) => ` ${prefix}${name}="${escape(value)}"`);
  return written.join('') + (badge ? ` ${prefix}badge` : '');
}

/** The code of each way. `chat` is the server's origin. */
export function snippetOf(way, chosen, chat, frameTitle) {
  const { id, theme, lang, title, height } = chosen;
  const place = `display:block;height:${Number.parseInt(height, 10) || 480}px`;
  if (way === 'line') {
    // Without a name for the room the line would only make the element known.
    const named = id === '' && chosen.mapping === 'pathname' ? ' data-mapping="pathname"' : '';
    return `<script async src="${chat}/embed.js"${named}${attributesOf(chosen, 'data-')}></script>`;
  }
  if (way === 'element') return `<script async src="${chat}/embed.js"></script>\n<aside-chat${attributesOf(chosen, '')} style="${place}"></aside-chat>`;
  if (way === 'link') return `<a href="${chat}/room/${encodeURIComponent(id)}"><img src="${chat}/badge/${encodeURIComponent(id)}.svg${lang === 'en' ? '?lang=en' : ''}" alt="${escape(frameTitle)}" height="28"></a>`;
  const asked = new URLSearchParams({ postId: id, theme, ...(lang === '' ? {} : { lang }), ...(title === '' ? {} : { title }) });
  return `<iframe
  src="${escape(`${chat}/embed?${asked}`)}"
  title="${escape(title || frameTitle)}"
  sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"
  referrerpolicy="strict-origin"
  loading="lazy"
  style="width: 100%; height: ${Number.parseInt(height, 10) || 480}px; border: 0"></iframe>`;
}

class AsideBuilder extends HTMLElement {
  connectedCallback() {
    const own = words[this.getAttribute('lang') === 'en' ? 'en' : 'ko'];
    const chat = this.getAttribute('chat');
    const options = (all) => Object.entries(all).map(([value, name]) => `<option value="${value}">${name}</option>`).join('');
    this.innerHTML = `
      <form class="builder">
        <fieldset><legend>${own.way}</legend>${Object.entries(own.ways).map(([value, name], i) => `<label class="choice"><input type="radio" name="way" value="${value}"${i === 0 ? ' checked' : ''}> ${name}</label>`).join('')}</fieldset>
        <label>${own.id}<input name="id" value="${own.example}" maxlength="255" autocomplete="off" spellcheck="false"><small>${own.idHint}</small></label>
        <label data-for="line element">${own.mapping}<select name="mapping">${options(own.mappings)}</select></label>
        <label data-for="line element frame">${own.theme}<select name="theme">${options(own.themes)}</select></label>
        <label>${own.lang}<select name="lang">${options(own.langs)}</select></label>
        <label data-for="line element frame">${own.title}<input name="title" maxlength="200" autocomplete="off"></label>
        <label data-for="line element frame">${own.height}<input name="height" value="480" pattern="\\d{2,4}(-\\d{2,4})?" inputmode="numeric" autocomplete="off"><small>${own.heightHint}</small></label>
        <label class="choice" data-for="line element"><input type="checkbox" name="badge"> ${own.badge}</label>
      </form>
      <section class="result">
        <h2>${own.code}</h2>
        <pre tabindex="0"><code></code></pre>
        <p><button type="button" class="copy">${own.copy}</button> <span role="status"></span></p>
      </section>
      <section class="preview room"><h2>${own.preview}</h2><div class="stand"></div></section>`;
    const form = this.querySelector('form');
    const code = this.querySelector('code');
    const status = this.querySelector('[role=status]');
    const show = () => {
      const { way, ...chosen } = { badge: false, ...Object.fromEntries(new FormData(form)) };
      chosen.id = chosen.id.trim();
      if (!form.elements.height.validity.valid || chosen.height === '') chosen.height = '480';
      for (const part of this.querySelectorAll('[data-for]')) part.hidden = !part.dataset.for.split(' ').includes(way);
      form.elements.mapping.closest('label').hidden ||= chosen.id !== '';
      const named = way === 'line' || way === 'element';
      form.elements.id.required = !named;
      form.elements.id.nextSibling.textContent = named ? own.idHint : own.idNeeded;
      status.textContent = '';
      code.textContent = '';
      if (!named && chosen.id === '') return;
      code.textContent = snippetOf(way, chosen, chat, own.frameTitle);
      this.preview(way, chosen, chat, own);
    };
    form.addEventListener('input', show);
    form.addEventListener('submit', (event) => event.preventDefault());
    this.querySelector('.copy').addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        status.textContent = own.copied;
      } catch {
        getSelection().selectAllChildren(code);
        status.textContent = own.failed;
      }
    });
    show();
  }

  /** The same room however it is pasted; scripts that are written into a page do not run, so the element stands for the line. */
  preview(way, chosen, chat, own) {
    const stand = this.querySelector('.stand');
    if (way === 'line' || way === 'element') {
      if (!document.querySelector(`script[src="${chat}/embed.js"]`)) document.head.append(Object.assign(document.createElement('script'), { src: `${chat}/embed.js`, async: true }));
      const there = stand.querySelector('aside-chat');
      const room = there ?? document.createElement('aside-chat');
      const wanted = { 'post-id': chosen.id, mapping: chosen.mapping, theme: chosen.theme, lang: chosen.lang, title: chosen.title, height: chosen.height };
      for (const [name, value] of Object.entries(wanted)) if (room.getAttribute(name) !== value) room.setAttribute(name, value);
      if (!there) stand.replaceChildren(room);
    } else stand.innerHTML = snippetOf(way, chosen, chat, own.frameTitle);
  }
}
customElements.define('aside-builder', AsideBuilder);
