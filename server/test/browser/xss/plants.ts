import type { Tampering } from '../tamper.ts';
import type { Home } from './home.ts';

/** One fault put into the page on its way to the reader, and what the alarm has to say of it. */
export type Plant = { name: string; seen: RegExp; plant(home: Home): Tampering };

const asMarkup = `const text = element.textContent; if (text.includes('<')) element.innerHTML = text;`;

export const plants: readonly Plant[] = [
  { name: 'words drawn as markup, and no policy', seen: /a script ran in/, plant: () => ({ headers: withoutPolicy, script: eachPart(asMarkup) }) },
  { name: 'words drawn as markup under the policy', seen: /the browser says: .*(TrustedHTML|trusted-types)/, plant: () => ({ script: eachPart(asMarkup) }) },
  { name: 'words drawn as markup that calls home, without a policy', seen: /connections to where payloads call home|something was asked of/, plant: ({ host }) => ({ headers: withoutPolicy, script: eachPart(`element.innerHTML = '<img src="//${host}/0">'`) }) },
  { name: 'no policy', seen: /a page came without script-src 'self'/, plant: () => ({ headers: withoutPolicy }) },
  { name: 'a policy without Trusted Types', seen: /a page came without require-trusted-types-for/, plant: () => ({ headers: (headers) => ({ ...headers, 'content-security-policy': (headers['content-security-policy'] ?? '').replace(/require-trusted-types-for[^;]*/, '') }) }) },
  { name: 'data that can end its script', seen: /the browser says: /, plant: () => ({ page: (html) => html.replaceAll('\\u003c', '<') }) },
  { name: 'a title written into the page', seen: /the browser says: .*script-src|there is </, plant: () => ({ page: (html) => html.replace('</head>', `<meta name=x content="${'"><script>alert(0)</script>'}"></head>`) }) },
  { name: 'every address a link', seen: /there is <a href="javascript:0">/, plant: () => ({ script: eachPart(`if (!element.closest('a')) { const link = document.createElement('a'); link.href = 'javascript:0'; link.textContent = element.textContent; element.replaceChildren(link); }`) }) },
  { name: 'words cleaned of what looks like markup', seen: /is not drawn as it was said/, plant: () => ({ script: eachPart(`const clean = element.textContent.replace(/<[^>]*>/g, ''); if (clean !== element.textContent) element.textContent = clean;`) }) },
  { name: 'a link that is followed by itself', seen: /a frame went to/, plant: ({ host }) => ({ script: eachPart(`location.href = 'http://${host}/0'`) }) },
  { name: 'a link that opens by itself', seen: /a window opened/, plant: () => ({ script: eachPart(`open('about:blank#' + element.textContent.length)`) }) },
  { name: 'an answer that sets a cookie', seen: /there is a cookie/, plant: () => ({ headers: (headers) => ({ ...headers, 'set-cookie': 'x=y; Secure; SameSite=None; Partitioned' }) }) },
];

function withoutPolicy(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-security-policy'));
}

/** Done once to each part of a message that holds words. */
function eachPart(act: string): string {
  return `const drawn = new WeakSet(); new MutationObserver(() => { for (const element of document.querySelectorAll('[data-n] *')) { if (drawn.has(element) || element.children.length > 0 || element.textContent === '') continue; drawn.add(element); ${act} } }).observe(document, { childList: true, subtree: true });`;
}
