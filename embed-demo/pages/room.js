// Right behind the frame, so that a lazy frame has not asked for its address yet.
const frame = document.querySelector('.room iframe');
const chatOrigin = new URL(frame.src).origin;
if (document.documentElement.dataset.theme) frame.src = frame.src.replace('theme=auto', `theme=${currentTheme()}`);

function sendTheme() {
  frame.contentWindow?.postMessage({ aside: { v: 1, type: 'setConfig', theme: currentTheme() } }, chatOrigin);
}

let ready = false;
addEventListener('message', ({ source, origin, data }) => {
  if (source !== frame.contentWindow || origin !== chatOrigin || data?.aside?.v !== 1 || data.aside.type !== 'ready') return;
  // Each load of the frame says it anew; a theme chosen before that is told now.
  ready = true;
  if (document.documentElement.dataset.theme) sendTheme();
});
addEventListener('themechange', () => ready && sendTheme());
