/// <reference types="vite/client" />

/** What is fetched later brings its own styles. A page's policy forbids styles that are written into it, not sheets that are made. */
export function dress(rules: string): void {
  const style = new CSSStyleSheet();
  style.replaceSync(rules);
  document.adoptedStyleSheets.push(style);
}

/** A sheet that few need. The server names it where a page begins with it. */
export function fetchSheet(href: string): Promise<unknown> | false {
  return !document.querySelector(`[href="${href}"]`) && new Promise((resolve, reject) => {
    const link = document.createElement('link');
    const fail = () => {
      link.remove();
      reject();
    };
    document.head.append(Object.assign(link, { rel: 'stylesheet', href, onload: resolve, onerror: fail }));
  });
}
