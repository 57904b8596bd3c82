/**
 * `<aside-builder chat="https://chat.example" lang="ko">`: choose, look, copy. It writes what an author pastes, and shows
 * what readers will see. It needs the styles of the page around it; the code is written by the chat’s own module.
 */
import { asked, builderWords, HEIGHT, isNamed, snippetOf, ways } from '{{chat}}/snippet.js';

class AsideBuilder extends HTMLElement {
  connectedCallback() {
    const own = builderWords[this.getAttribute('lang') === 'en' ? 'en' : 'ko'];
    const chat = this.getAttribute('chat');
    const options = (all) => Object.entries(all).map(([value, name]) => `<option value="${value}">${name}</option>`).join('');
    this.innerHTML = `
      <form class="builder">
        <fieldset><legend>${own.way}</legend>${ways.map((value, i) => `<label class="choice"><input type="radio" name="way" value="${value}"${i === 0 ? ' checked' : ''}> ${own.ways[value]}</label>`).join('')}</fieldset>
        <label>${own.id}<input name="id" value="${own.example}" maxlength="255" autocomplete="off" spellcheck="false"><small>${own.idHint}</small></label>
        <label data-for="${asked.mapping.join(' ')}">${own.mapping}<select name="mapping">${options(own.mappings)}</select></label>
        <label data-for="${asked.theme.join(' ')}">${own.theme}<select name="theme">${options(own.themes)}</select></label>
        <label>${own.lang}<select name="lang">${options(own.langs)}</select></label>
        <label data-for="${asked.title.join(' ')}">${own.title}<input name="title" maxlength="200" autocomplete="off"></label>
        <label data-for="${asked.height.join(' ')}">${own.height}<input name="height" value="480" pattern="${HEIGHT}" inputmode="numeric" autocomplete="off"><small>${own.heightHint}</small></label>
        <label class="choice" data-for="${asked.badge.join(' ')}"><input type="checkbox" name="badge"> ${own.badge}</label>
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
      const named = isNamed(way);
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
    if (isNamed(way)) {
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
