import type { PageData } from '../protocol/index.ts';
import { escapeHtml, sheets, SHADES, titleOf } from './document.ts';

const ASKED = {
  ko: { ask: '19세 이상만 볼 수 있는 대화예요.', yes: '19세 이상이에요', hint: '확인하기 전에는 대화와 영상을 불러오지 않아요.' },
  en: { ask: 'This conversation is for people of 19 and older.', yes: 'I am 19 or older', hint: 'Neither words nor pictures are fetched before you say so.' },
} as const;

/** What stands in place of a room for adults until its reader says that they are one: nothing of the room but its title. `href`: where that leads. */
export function askAge(data: PageData, href: string): string {
  const words = ASKED[data.lang];
  return `<!doctype html><html lang="${data.lang}" data-theme="${data.theme}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="${SHADES[data.theme]}"><meta name="robots" content="noindex"><title>${escapeHtml(titleOf(data))}</title>`
    + `<link rel="stylesheet" href="/plain.css">${sheets(data).map((sheet) => `<link rel="stylesheet" href="${sheet}">`).join('')}</head>`
    + `<body><main class="plain ask"><h1>${escapeHtml(titleOf(data))}</h1><p>${words.ask}</p><p><a class="go" href="${escapeHtml(href)}">${words.yes}</a></p><p class="hint">${words.hint}</p></main></body></html>`;
}
