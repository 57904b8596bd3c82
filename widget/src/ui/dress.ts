/// <reference types="vite/client" />

/** What is fetched later brings its own styles. A page's policy forbids styles that are written into it, not sheets that are made. */
export function dress(rules: string): void {
  const style = new CSSStyleSheet();
  style.replaceSync(rules);
  document.adoptedStyleSheets.push(style);
}
