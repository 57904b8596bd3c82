import type { Frame } from 'playwright-core';
import type { Line } from './room.ts';

/** What stands in the room's document, looked at from inside it. */

/** Lines that are not drawn letter for letter, once all had time to come. */
export async function findAltered(frame: Frame, lines: readonly Line[], within: number): Promise<string[]> {
  const altered = await frame.evaluate(look, { lines, within });
  return altered.map(({ n, drawn, text }) => `message ${n} is not drawn as it was said: ${JSON.stringify(text)} became ${JSON.stringify(drawn)}`);
}

/** Titles that the host page sets and the room does not show as they are. */
export async function findMistitled(frame: Frame, titles: readonly string[], within: number): Promise<string[]> {
  const wrong = await frame.evaluate(askTitles, { titles, within, most: 3 });
  return wrong.map(([asked, shown]) => `the title ${JSON.stringify(asked)} became ${JSON.stringify(shown)}`);
}

/** Elements and attributes that only markup of a stranger could have made. */
export function findMarkup(frame: Frame): Promise<string[]> {
  return frame.evaluate(sift);
}

type Altered = { n: number; text: string; drawn: string | null };

/** Runs in the frame. */
function look({ lines, within }: { lines: readonly Line[]; within: number }): Promise<Altered[]> {
  // A link shows Hangul that is percent-encoded as Hangul, and nothing else otherwise than it was said.
  const plain = (text: string): string => text.replace(/(?:%[\da-f]{2})+/gi, (bytes) => {
    try {
      return /^[가-힣]+$/.test(decodeURIComponent(bytes)) ? decodeURIComponent(bytes) : bytes;
    } catch {
      return bytes;
    }
  });
  const find = (): Altered[] => lines.flatMap(({ n, nick, text }) => {
    const line = document.querySelector(`[data-n="${n}"]`);
    const parts = new Set([...(line?.querySelectorAll('*') ?? [])].map((part) => plain(part.textContent)));
    const missing = [text, nick].find((said) => said !== null && !parts.has(plain(said)));
    return missing === undefined || missing === null ? [] : [{ n, text: missing, drawn: line?.textContent ?? null }];
  });
  return new Promise((settle) => {
    const until = Date.now() + within;
    const again = (): void => {
      const found = find();
      if (found.length === 0 || Date.now() > until) settle(found);
      else requestAnimationFrame(again);
    };
    again();
  });
}

/** Runs in the frame: the host page is asked to set each title in turn. */
async function askTitles({ titles, within, most }: { titles: readonly string[]; within: number; most: number }): Promise<[string, string][]> {
  const wrong: [string, string][] = [];
  const flat = (text: string): string => text.replace(/[\t\n\f\r ]+/g, ' ').trim();
  for (const title of titles) {
    parent.postMessage({ askTitle: title }, '*');
    const shown = title.trim().slice(0, 200);
    const isShown = (): boolean => document.querySelector('h1')?.textContent === shown && document.title === flat(shown);
    const until = Date.now() + within;
    while (!isShown() && Date.now() < until) await new Promise((settle) => setTimeout(settle));
    if (!isShown()) wrong.push([shown, `${document.querySelector('h1')?.textContent} | ${document.title}`]);
    if (wrong.length >= most) return wrong;
  }
  return wrong;
}

/** Runs in the frame. */
function sift(): string[] {
  const found: string[] = [];
  const foreign = 'iframe,frame,frameset,object,embed,applet,base,style,portal,fencedframe,foreignObject,math,marquee,xmp,plaintext,template,animate,set,image,link:not([rel=icon],[rel=canonical],[rel=alternate][type="application/json+oembed"],[rel=alternate][type="application/atom+xml"]),link[rel=canonical]~link[rel=canonical],link[type="application/json+oembed"]~link[type="application/json+oembed"],link[type="application/atom+xml"]~link[type="application/atom+xml"],body link,meta[http-equiv],script:not([src],[type="application/json"],head>[type="application/ld+json"]),script[type]~script[type="application/ld+json"],body script[src]';
  for (const element of document.querySelectorAll(foreign)) found.push(`there is an element <${element.localName}> of a stranger's`);
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      const place = `<${element.localName} ${name}=${JSON.stringify(value)}>`;
      if (/^on/i.test(name) || name === 'srcdoc' || (name === 'style' && /url|image-set/i.test(value))) found.push(`there is ${place}`);
      if (!/^((xlink:)?href|src|srcset|action|formaction|data|poster|background|ping|cite|longdesc|manifest|codebase)$/i.test(name)) continue;
      const address = URL.canParse(value, location.href) ? new URL(value, location.href) : null;
      const isLink = element.localName === 'a' && element.getAttribute('target') === '_blank' && /\bnoopener\b/.test(element.getAttribute('rel') ?? '') && /^https?:\/\//i.test(value);
      if (address?.origin !== location.origin && !isLink) found.push(`there is ${place}`);
    }
  }
  return found;
}
