// In the head and blocking: the page must never be painted in the wrong theme first.
const kept = (() => {
  try {
    return localStorage.getItem('theme');
  } catch {
    return null;
  }
})();
if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;

function currentTheme() {
  return document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}

addEventListener('DOMContentLoaded', () => {
  const toggle = document.querySelector('.toggle');
  const show = () => toggle.setAttribute('aria-pressed', String(currentTheme() === 'dark'));
  show();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  toggle.addEventListener('click', () => {
    const theme = currentTheme() === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem('theme', theme);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    show();
    dispatchEvent(new CustomEvent('themechange', { detail: theme }));
  });
});
