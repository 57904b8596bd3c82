// As the router of an app does it: the address, the title and the room change, the page stays.
const names = { 1: '첫째 글', 2: '둘째 글', 3: '셋째 글' };

function show() {
  const post = new URLSearchParams(location.search).get('post') ?? '1';
  const name = names[post] ?? names[1];
  document.title = `${name} · 여백`;
  document.querySelector('#heading').textContent = name;
  for (const link of document.querySelectorAll('.steps a')) {
    if (link.search === `?post=${post}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const chat = document.querySelector('aside-chat');
  chat.setAttribute('post-id', `app-${post in names ? post : 1}`);
  chat.setAttribute('title', name);
}

document.querySelector('.steps').addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  show();
});
addEventListener('popstate', show);
show();
