import type { Random } from '../../faults/random.ts';
import { drawCode, hex, type Without } from './calls.ts';

/** Markup in the many spellings that browsers read alike. */
export type Attribute = readonly [name: string, value: string];

/** A start tag. Two attributes of one value are still two payloads when they are written otherwise. */
export function drawTag(random: Random, name: string, attributes: readonly Attribute[]): string {
  let text = `<${mixCase(random, name)}`;
  let bare = false;
  for (const attribute of random.chance(0.4) ? [...attributes, drawIdle(random)] : attributes) {
    // Behind a value without quotes a slash would be a part of it.
    text += random.pick(bare ? [' ', '\n', '\t'] : [' ', ' ', '/', '\n', '\t', '  ', ' / ']);
    const written = writeAttribute(random, attribute);
    text += written;
    bare = attribute[1] !== '' && !/["']$/.test(written);
  }
  return text + random.pick(bare ? ['>', ' >', '\n>', ' />'] : ['>', '>', ' >', '/>', '//>']);
}

function writeAttribute(random: Random, [name, value]: Attribute): string {
  const key = mixCase(random, name);
  if (value === '') return key;
  const coded = random.chance(0.35) ? encode(random, value, 0.25) : value.replace(/&(?=[a-z#])/gi, '&amp;');
  const quotes = ["'", '"', ''].filter((quote) => (quote === '' ? /^[^\s"'`=<>]+$/.test(coded) && !coded.endsWith('/') : !coded.includes(quote)));
  const quote = quotes.length > 0 ? random.pick(quotes) : '"';
  return `${key}${random.pick(['=', '=', '=', ' = ', '=\n', '\t='])}${quote}${quotes.length > 0 ? coded : coded.replaceAll('"', '&quot;')}${quote}`;
}

const idle = ['hidden', 'x', 'data-x', 'title', 'lang', 'dir', 'class', 'id', 'translate', 'spellcheck', 'role', 'part', 'slot', 'itemid', 'nonce', 'accesskey', 'draggable', 'aria-label', 'y', 'z'] as const;

function drawIdle(random: Random): Attribute {
  return [random.pick(idle.slice(1)), random.pick(['', 'x', 'y z', 'auto', '가', 'ltr'])];
}

/** Some letters as character references: named, decimal or hexadecimal, with and without leading zeros. Digits stay. */
export function encode(random: Random, text: string, share: number): string {
  return [...text].map((sign) => (/[0-9\s]/.test(sign) || !(random.chance(share) || sign === '&') ? sign : reference(random, sign))).join('');
}

export function reference(random: Random, sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const named = names[sign];
  return random.pick([`&#${code};`, `&#x${code.toString(16)};`, `&#X${code.toString(16).toUpperCase()};`, `&#x00${code.toString(16)};`, `&#0${code};`, ...(named ? [`&${named};`, `&${named};`] : [])]);
}

const names: Readonly<Record<string, string>> = {
  '(': 'lpar', ')': 'rpar', ':': 'colon', "'": 'apos', '"': 'quot', '/': 'sol', '=': 'equals', '.': 'period', ',': 'comma', ';': 'semi', '[': 'lsqb', ']': 'rsqb', '{': 'lcub', '}': 'rcub', '<': 'lt', '>': 'gt', '&': 'amp', '`': 'grave', '+': 'plus', '\\': 'bsol', '_': 'lowbar', '?': 'quest',
};

export function mixCase(random: Random, name: string): string {
  return random.chance(0.6) ? name : [...name].map((letter) => (random.chance(0.4) ? letter.toUpperCase() : letter)).join('');
}

/** `javascript:` and code, spelled so that a filter would miss it. `raw`: nothing decodes character references there. */
export function drawScriptAddress(random: Random, code: string, raw: boolean): string {
  const gaps = raw ? ['\t', '\n', '\r\n'] : ['\t', '\n', '&Tab;', '&NewLine;', '&#9;', '&#10;', '&#x0d;'];
  const scheme = [...mixCase(random, 'javascript')].map((letter, i) => {
    const written = !raw && random.chance(0.1) ? reference(random, letter) : letter;
    return i > 0 && random.chance(0.08) ? random.pick(gaps) + written : written;
  }).join('');
  const colon = raw ? ':' : random.pick([':', ':', '&colon;', '&#58;', '&#x3a;']);
  const lead = raw ? '' : random.pick(['', '', ' ', '\n', '&#1;', '&#x1f;', '&#32;', '\t']);
  const percent = [...code].map((sign) => (/[a-z]/.test(sign) && random.chance(0.15) ? `%${hex(sign, 2)}` : sign)).join('');
  const body = random.pick([percent, `//x/%0a${percent}`, `/*x*/${percent}`, `void ${percent}`, `;${percent}`, `${percent}//`, ` ${percent}`, `'x';${percent}`, `{${percent}}`, `x:${percent}`]);
  return lead + scheme + colon + body;
}

type Self = (random: Random, code: string) => string;
const nowhere = ['x', '/x', '?x', '//', 'x.png', './x', 'data:,', 'data:x', 'x:x', 'about:x', 'blob:x'] as const;
const focusable = ['input', 'textarea', 'select', 'button', 'a', 'div', 'p', 'b', 'span', 'section', 'label', 'summary', 'xss', 'x-y', 'h1', 'li', 'main', 'time'] as const;
const broken = ['img', 'image', 'video', 'audio', 'script', 'object'] as const;
const pixel = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';

/** Elements that run their code by themselves, as soon as they are drawn. */
const selves: readonly Self[] = [
  ...broken.map((name): Self => (random, code) => drawTag(random, name, order(random, [[name === 'object' ? 'data' : 'src', random.pick(nowhere.slice(0, 6))], ['onerror', code]])) + ending(name)),
  (random, code) => drawTag(random, 'img', order(random, [['src', pixel], ['onload', code]])),
  (random, code) => drawTag(random, 'svg', [['onload', code]]),
  (random, code) => `${drawTag(random, random.pick(['video', 'audio']), [])}${drawTag(random, 'source', order(random, [['src', random.pick(nowhere)], ['onerror', code]]))}`,
  (random, code) => drawTag(random, random.pick(['video', 'audio']), order(random, [['src', random.pick(['x', '/x', 'x.mp4'])], ['onloadstart', code]])),
  (random, code) => drawTag(random, 'details', order(random, [['open', ''], ['ontoggle', code]])),
  ...focusable.map((name): Self => (random, code) => drawTag(random, name, order(random, [['tabindex', random.pick(['1', '0', '-1'])], ['autofocus', ''], [random.pick(['onfocus', 'onfocus', 'onfocusin']), code]]))),
  (random, code) => `${drawTag(random, 'style', [['onload', code]])}x{}</style>`,
  (random, code) => drawTag(random, 'link', order(random, [['rel', 'stylesheet'], ['href', random.pick(nowhere.slice(0, 6))], ['onerror', code]])),
  (random, code) => `${drawTag(random, 'iframe', [['onload', code]])}</iframe>`,
  (random, code) => drawTag(random, 'body', [[random.pick(['onload', 'onpageshow']), code]]),
  (random, code) => `<svg>${drawTag(random, random.pick(['animate', 'set', 'animateTransform', 'animateMotion']), order(random, [['attributeName', random.pick(['x', 'y', 'fill'])], ['dur', random.pick(['1s', '9s', '.5s'])], ['onbegin', code]]))}`,
  (random, code) => `<svg>${drawTag(random, 'image', order(random, [['href', random.pick(nowhere.slice(0, 6))], ['onerror', code]]))}`,
  (random, code) => drawTag(random, 'input', order(random, [['type', 'image'], ['src', random.pick(nowhere.slice(0, 6))], ['onerror', code]])),
  (random, code) => `<style>@keyframes k{}</style>${drawTag(random, random.pick(focusable.slice(5)), order(random, [['style', 'animation-name:k'], ['onanimationstart', code]]))}`,
  (random, code) => `${drawTag(random, 'p', [])}${drawTag(random, 'img', order(random, [['srcset', random.pick(['x', 'x 1x', '/x 2x'])], ['onerror', code]]))}`,
];

/** An element that runs by itself. `without`: characters that would end the place it stands in. */
export function drawSelf(random: Random, id: number, without: Without = '', code?: string): string {
  for (;;) {
    const text = random.pick(selves)(random, code ?? drawCode(random, id, without));
    if (![...without].some((sign) => text.includes(sign))) return text;
  }
}

/** A script element, for where a page is parsed and not only changed. */
export function drawScript(random: Random, code: string): string {
  const attributes: Attribute[] = random.chance(0.5) ? [] : [random.pick<Attribute>([['type', 'text/javascript'], ['type', 'module'], ['async', ''], ['charset', 'utf-8'], ['language', 'javascript'], ['type', ''], ['defer', ''], ['type', 'application/ecmascript'], ['crossorigin', '']])];
  const inside = random.pick([code, `\n${code}\n`, `<!--\n${code}\n-->`, `//<![CDATA[\n${code}\n//]]>`, `'use strict';${code}`, `{${code}}`, ` ${code} `, `"x";${code}`]);
  const start = drawTag(random, 'script', attributes).replace(/\/+>$/, '>');
  return `${start}${code.includes('with(') ? code : inside}</${mixCase(random, 'script')}${random.pick(['>', '>', ' >', '\n>', '/>', ' x>'])}`;
}

/** A tag with a member that is written already: its character references must stay. */
export function tagWith(random: Random, name: string, member: string, value: string, more: readonly Attribute[]): string {
  const quote = !value.includes('"') ? '"' : "'";
  const safe = quote === '"' ? value : value.replaceAll("'", '&apos;');
  const start = drawTag(random, name, more).replace(/\s*\/*>$/, '');
  return `${start}${random.pick([' ', '\n', '\t'])}${mixCase(random, member)}${random.pick(['=', ' = ', '=\n'])}${quote}${safe}${quote}${random.pick(['>', ' >', ' x>', '\n>'])}`;
}

export function order(random: Random, attributes: Attribute[]): Attribute[] {
  return random.shuffle(attributes);
}

function ending(name: string): string {
  return name === 'script' || name === 'object' ? `</${name}>` : '';
}
