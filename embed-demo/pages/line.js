// The host page sees what it is asked to load itself; what a frame of another site loads stays the frame's own affair.
const told = document.querySelector('.asked b');
function tell() {
  const frames = document.querySelectorAll('aside-chat iframe').length;
  told.textContent = frames === 0 ? 'embed.js' : 'embed.js, 대화방';
}
new MutationObserver(tell).observe(document.querySelector('.room'), { childList: true, subtree: true });
tell();
