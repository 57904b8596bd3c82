/// <reference types="vite/client" />
import { isPreset, PRESETS_SHEET, type Theme } from '@aside/server/protocol';

/** What is fetched later brings its own styles. A page's policy forbids styles that are written into it, not sheets that are made. */
export function dress(rules: string): void {
  const style = new CSSStyleSheet();
  style.replaceSync(rules);
  document.adoptedStyleSheets.push(style);
}

/** The colours of all presets, before the first of them is worn. The server names the sheet where a page begins with one. */
export function loadPresets(theme: Theme = 'auto'): Promise<unknown> | false {
  return isPreset(theme) && !document.querySelector(`[href="${PRESETS_SHEET}"]`) && new Promise((resolve, reject) => {
    const link = document.createElement('link');
    const fail = () => {
      link.remove();
      reject();
    };
    document.head.append(Object.assign(link, { rel: 'stylesheet', href: PRESETS_SHEET, onload: resolve, onerror: fail }));
  });
}
