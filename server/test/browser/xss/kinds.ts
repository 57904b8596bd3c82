import type { Random } from '../../faults/random.ts';
import { drawAddress, drawCall, drawCallHome, drawCode } from './calls.ts';
import { type Attribute, drawScript, drawScriptAddress, drawSelf, drawTag, encode, mixCase, order, reference, tagWith } from './markup.ts';
import { drawStyle, resources } from './elsewhere.ts';
import { drawMutation, drawPolyglot, rawText } from './breaks.ts';
import type { Kind } from './payload.ts';

/** The classes of payloads. Each is a way in; spelling, elements, events and code are drawn. */
export const kinds = {
  script: (random, id) => ({ text: drawWords(random) + drawScript(random, drawCode(random, id)), sink: 'page' }),

  /** Elements that run their own code when they are drawn, load or fail. */
  event: (random, id) => ({ text: drawWords(random) + drawSelf(random, id), sink: random.pick(['page', 'page', 'twice']) }),

  /** Elements that wait for a hand. */
  gesture: (random, id) => ({ text: `${drawTag(random, random.pick(elements), order(random, [[`on${random.pick(gestures)}`, drawCode(random, id)]]))}${drawWords(random) || 'x'}`, sink: random.pick(['page', 'page', 'twice']), touched: true }),

  /** Markup that leads to `javascript:`. */
  scheme(random, id) {
    const leads = random.pick<[string, string, string]>([['a', 'href', ''], ['a', 'href', ''], ['area', 'href', ''], ['button', 'formaction', '<form>'], ['form', 'action', ''], ['input', 'formaction', '<form>'], ['a', 'href', '<svg>'], ['a', 'xlink:href', '<svg>'], ['iframe', 'src', '']]);
    const [name, member, before] = leads;
    const address = drawScriptAddress(random, name === 'iframe' ? `parent.${random.pick(['alert', 'confirm', 'prompt'])}(${id})` : drawCall(random, id), false);
    const typed: Attribute[] = name === 'input' ? [['type', 'submit']] : [];
    return { text: before + tagWith(random, name, member, address, typed) + (name === 'form' ? '<button>x' : 'x'), sink: 'page', touched: true };
  },

  /** An address and nothing else, for what takes addresses. */
  address(random, id) {
    if (random.chance(0.7)) return { text: drawScriptAddress(random, drawCall(random, id), true), sink: 'link', touched: true };
    const inside = random.pick([drawScript(random, `parent.postMessage(${id},'*')`), drawSelf(random, id, '#', `parent.postMessage(${id},'*')`)]);
    return { text: `${mixCase(random, 'data')}:${random.pick(['text/html', 'text/html;charset=utf-8', 'TEXT/HTML', 'text/html;x=y', 'image/svg+xml,<x/>'].slice(0, 4))},${random.chance(0.5) ? encodeURIComponent(inside) : inside.replaceAll('#', '%23')}`, sink: 'frame' };
  },

  /** Out of the attribute that it was written into. */
  quote(random, id) {
    const [quote, sink] = random.pick([['"', 'double'], ["'", 'single'], ['', 'bare']] as const);
    if (random.chance(0.5)) return { text: `${random.pick(['', 'x', '가'])}${quote || 'x'}${random.pick(['>', ' >', '/>', ' x>'])}${drawSelf(random, id)}`, sink };
    const code = drawCall(random, id, ` ${quote}"'\`<>=\n`);
    const [event, more, touched] = random.pick([['onfocus', 'autofocus', false], [`on${random.pick(gestures)}`, random.pick(['x', 'hidden', 'y']), true]] as const);
    const gap = random.pick([' ', '\n', '\t', '  ']);
    return { text: `${random.pick(['', 'x', '가'])}${quote || 'x'}${[`${mixCase(random, event)}=${code}`, more].join(gap).replace(/^/, gap)}${gap}${random.pick(['x', 'y', 'z', 'data-x', 'class'])}=${quote}`, sink, touched };
  },

  /** Out of an element that holds no markup. */
  rawText: (random, id) => rawText(random, id),

  /** Out of a string in a script. */
  string(random, id) {
    const [quote, sink] = random.pick([['"', 'doubleString'], ["'", 'singleString'], ['`', 'templateString']] as const);
    const code = drawCall(random, id, `${quote}<`);
    const sign = (): string => random.pick(['-', '+', '*', '/', '%', '|', '&', '^', ',', '==', '===', '!=', '||', '>', '>=', '>>', '**', '??', '\n+', ' - ', '\n,\n']);
    const form = random.pick(['operators', 'statement', 'inside', 'comment'] as const);
    if (form === 'statement') return { text: `${drawLine(random)}${quote};${code};${quote}`, sink };
    if (form === 'comment') return { text: `${drawLine(random)}${quote}${random.pick([';', '\n', ',', '+', '-'])}${code}${random.pick(['//', ' //x', '\n//', '<!--', ';//'])}`, sink };
    if (form === 'inside' && quote === '`') return { text: `${drawLine(random)}\${${drawCall(random, id, '`<')}}${drawLine(random)}`, sink };
    // What follows a call may be skipped by it, and what stands before it must not skip it.
    const before = sign().replace('||', '+').replace('??', '-');
    return { text: `${drawLine(random)}${quote}${before}${code}${sign().replace('**', '*').replace('??', '+')}${quote}`, sink };
  },

  /** Out of a string in a handler. */
  handler(random, id) {
    const code = drawCall(random, id, `"'<>&`);
    const quote = random.chance(0.4) ? reference(random, "'") : "'";
    const written = random.chance(0.5) ? encode(random, code, 0.2) : code;
    return { text: drawLine(random) + random.pick([`${quote});${written};(${quote}`, `${quote}-${written}-${quote}`, `${quote}+${written}+${quote}`, `${quote},${written},${quote}`, `${quote}*${written}|${quote}`, `${quote});${written}//`, `${quote}|${written})//`]), sink: 'handler', touched: true };
  },

  /** Inside drawings and formulas, where other rules of parsing hold. */
  foreign(random, id) {
    const nest = Array.from({ length: random.between(0, 3) }, () => random.pick(['<g>', '<svg>', '<defs>', '<marker>', '<mask>', '<symbol>', '<switch>', '<g x=y>', '<pattern>'])).join('');
    const [way, sink] = random.pick([
      [`<svg>${nest}${random.pick(['<foreignObject>', '<desc>', '<title>', '<foreignobject x>', '<desc y=z>'])}`, 'page'],
      [`<math>${random.pick(['', '<mrow>', '<mstyle>', '<msqrt>'])}${random.pick(['<mtext>', '<mi>', '<mo>', '<mn>', '<ms>', '<annotation-xml encoding=text/html>', '<semantics><annotation-xml encoding="application/xhtml+xml">'])}`, 'twice'],
    ] as const);
    if (random.chance(0.35)) return { text: `<svg>${nest}${drawScript(random, drawCode(random, id, '<&'))}`, sink: 'page' };
    return { text: way + drawSelf(random, id), sink };
  },

  /** Harmless when it is parsed first, not when what came of it is parsed again. */
  mutation: (random, id) => ({ text: drawMutation(random, id), sink: 'twice' }),

  /** Styles that ask elsewhere. */
  style: (random, id, home) => ({ text: drawStyle(random, drawAddress(random, id, home)), sink: 'page' }),

  /** Elements that ask elsewhere. */
  resource(random, id, home) {
    const [name, attributes, before = '', after = ''] = random.pick(resources)(drawAddress(random, id, home));
    return { text: before + drawTag(random, name, order(random, [...attributes])).replace(/\/+>$/, '>') + (after || random.pick(['', 'x', '<p>', '가'])), sink: 'page' };
  },

  /** A page inside the page. */
  frame(random, id) {
    const outer = `parent.${random.pick(['alert', 'confirm', 'prompt'])}${random.pick(['(#)', '?.(#)', '.call(null,#)', '`#`']).replace('#', String(id))}`;
    if (random.chance(0.6)) {
      const inside = random.chance(0.5) ? drawScript(random, outer) : drawSelf(random, id, '', outer);
      return { text: `<iframe${random.pick([' ', '\n', '/', '\t', ' x '])}${mixCase(random, 'srcdoc')}=${random.pick(['"', "'"])}${inside.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&apos;')}`.replace(/=(["'])([\s\S]*)$/, (_, quote, value) => `=${quote}${recode(random, value)}${quote}`) + random.pick(['>', '></iframe>', ' />', ' hidden>']), sink: random.pick(['page', 'twice']) };
    }
    const inside = random.pick([drawScript(random, `parent.postMessage(${id},'*')`), drawSelf(random, id, '#', `parent.postMessage(${id},'*')`)]);
    const [name, member] = random.pick([['iframe', 'src'], ['embed', 'src'], ['object', 'data'], ['iframe', 'src']] as const);
    return { text: tagWith(random, name, member, `data:text/html,${random.chance(0.4) ? encodeURIComponent(inside) : inside.replaceAll('#', '%23').replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('\n', '%0a')}`, []), sink: 'page' };
  },

  /** Code that calls home with what it found. */
  callHome(random, id, home) {
    const code = drawCallHome(random, id, home);
    return { text: random.chance(0.4) ? drawScript(random, code) : drawSelf(random, id, '', code), sink: 'page' };
  },

  /** The page or the frame sent elsewhere. */
  redirect(random, id, home) {
    const there = drawAddress(random, id, home);
    const wait = random.pick(['0', '.0', '00', '0.0', ' 0', '0 ']);
    const sign = random.pick([';', ',', '; ', ' ;', ' , ']);
    const key = random.pick(['url=', 'URL=', 'url = ', 'Url =', '']);
    const form = random.pick(['refresh', 'refresh', 'base', 'link', 'button'] as const);
    if (form === 'refresh') return { text: drawTag(random, 'meta', order(random, [['http-equiv', mixCase(random, 'refresh')], ['content', `${wait}${sign}${key}${key === '' ? there : random.pick([there, `'${there}'`])}`]])), sink: 'page' };
    if (form === 'base') return { text: `${drawTag(random, 'base', [['href', `http://${home}/`]])}${drawTag(random, random.pick(['img', 'script', 'iframe', 'audio', 'embed']), [['src', random.pick([`${id}`, `/${id}`, `./${id}`, `x/../${id}`])]]).replace(/\/+>$/, '>')}`, sink: 'page' };
    if (form === 'link') return { text: `${tagWith(random, random.pick(['a', 'area']), 'href', there, [])}x`, sink: 'page', touched: true };
    return { text: `<form${random.pick(['', ' x', ' method=get', ' method=post'])}>${tagWith(random, 'button', 'formaction', there, [])}x`, sink: 'page', touched: true };
  },

  /** For pages that fill templates in the browser. */
  template(random, id) {
    const maker = random.pick(['constructor.constructor', '[].filter.constructor', "''.sub.constructor", '(()=>{}).constructor', 'toString.constructor', 'self.Function', 'Function', '[].constructor.constructor', '(1).constructor.constructor'.replace('1', 'x=>x'), 'Object.constructor', 'Array.from.constructor']);
    const code = random.chance(0.5) ? drawCall(random, id, '{}<>[]%') : `${maker}('${drawCall(random, id, "'{}<>[]%\\")}')()`;
    const [open, close] = random.pick([['{{', '}}'], ['{{ ', ' }}'], ['${', '}'], ['#{', '}'], ['@{', '}'], ['<%=', '%>'], ['<%-', '%>'], ['<% ', ' %>'], ['[[', ']]'], ['{{\n', '\n}}'], ['[[ ', ' ]]']] as const);
    // Code with brackets would end `[[`.
    const inside = open.startsWith('[[') && /[[\]]/.test(code) ? drawCall(random, id, '{}<>[]%') : code;
    return { text: `${drawWords(random)}${open}${inside}${close}${drawWords(random)}`, sink: 'engine' };
  },

  /** Markup that is none until somebody decodes it once too often. */
  encoded(random, id) {
    const inside = random.pick([drawSelf(random, id), drawSelf(random, id, '%\\')]);
    const way = random.pick(['decoded', 'percent', 'unescaped'] as const);
    const sign = (one: string): string => (way === 'decoded' ? reference(random, one) : way === 'percent' ? encodeURIComponent(one) : random.pick([`\\u${code(one, 4)}`, `\\x${code(one, 2)}`, `\\u{${code(one, 2)}}`]));
    const special = way === 'decoded' ? /[<>&"']/ : way === 'percent' ? /[<>%"'\s]/ : /[<>\\]/;
    return { text: [...inside].map((one) => (special.test(one) || (/[a-z]/i.test(one) && random.chance(0.1)) ? (way === 'percent' && /[a-z']/i.test(one) ? `%${code(one, 2)}` : sign(one)) : one)).join(''), sink: way };
  },

  /** Out of many places at once. */
  polyglot: (random, id) => drawPolyglot(random, id),

  /** For pages that render Markdown or BBCode and trust what it holds. */
  markdown(random, id) {
    const way = random.pick(['link', 'image', 'reference', 'angle', 'bbcode', 'bbimage'] as const);
    const address = drawScriptAddress(random, drawCall(random, id, '[]()<>"'.replace('()', '')), true);
    const label = drawWords(random) || 'x';
    const code = drawCall(random, id, '"');
    if (way === 'image') return { text: `![${label}](${random.pick(['x', '//', 'x.png'])}"${random.pick([' ', '', '\n', '\t'])}onerror="${code})`, sink: 'markdown' };
    if (way === 'bbimage') return { text: `${drawWords(random)}[img]${random.pick(['x', '//', 'x.png'])}"${random.pick([' ', '', '\n', '\t'])}onerror="${code}[/img]`, sink: 'markdown' };
    if (way === 'reference') return { text: `[${label}]: ${address.replaceAll('"', "'")}`, sink: 'markdown', touched: true };
    if (way === 'angle') return { text: `<${drawScriptAddress(random, drawCall(random, id, '<>"[]'), true).replace(/^[a-z\s]+:/i, 'javascript:')}>`, sink: 'markdown', touched: true };
    if (way === 'bbcode') return { text: `[url=${address.replace(/[\]"]/g, '')}]${label}[/url]`, sink: 'markdown', touched: true };
    return { text: `[${label}](${address.replaceAll('"', "'")})`, sink: 'markdown', touched: true };
  },

  /** An address of http(s) that holds the end of the attribute it will stand in. */
  autolink(random, id) {
    const [quote, sink] = random.pick([['"', 'autolink'], ["'", 'autolinkSingle']] as const);
    const start = `${random.pick(['http', 'https'])}://${random.pick(['a.kr', 'x.y', 'a.kr:8', 'a@b.kr', '[::]', 'xn--x.kr', 'a.kr.', '한글.한국'])}${random.pick(['/', '/x', '?x=', '#', '/%00', '/;', '/x/y?z='])}`;
    const code = drawCall(random, id, `${quote} \n\t<>`);
    const text = random.chance(0.5)
      ? `${start}${quote}${random.pick(['', '/', '//'])}${mixCase(random, `on${random.pick(gestures)}`)}=${quote}${code}`
      : `${start}${quote}>${drawSelf(random, id, ' \n\t')}`;
    return { text: drawWords(random) + text, sink, touched: true };
  },
} satisfies Record<string, Kind>;

const elements = [
  'a', 'abbr', 'address', 'article', 'aside', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'button', 'center', 'cite', 'code', 'data', 'dd', 'del', 'dfn', 'div', 'dl', 'dt', 'em', 'fieldset', 'figure', 'footer', 'form', 'h1', 'h2', 'header', 'hr', 'i', 'img', 'input', 'ins', 'kbd', 'label', 'li', 'main', 'map',
  'mark', 'menu', 'meter', 'nav', 'ol', 'output', 'p', 'pre', 'progress', 'q', 'ruby', 's', 'samp', 'section', 'small', 'span', 'strong', 'sub', 'sup', 'svg', 'math', 'textarea', 'time', 'tt', 'u', 'ul', 'var', 'video', 'xss', 'x-y', 'font', 'search', 'strike',
] as const;
const gestures = [
  'click', 'dblclick', 'auxclick', 'contextmenu', 'mousedown', 'mouseup', 'mouseover', 'mouseenter', 'mousemove', 'mouseout', 'mouseleave', 'wheel', 'pointerdown', 'pointerup', 'pointerover', 'pointerenter', 'pointermove', 'pointerout', 'pointercancel', 'gotpointercapture', 'touchstart', 'touchmove', 'touchend',
  'keydown', 'keyup', 'keypress', 'input', 'beforeinput', 'change', 'select', 'copy', 'cut', 'paste', 'drag', 'dragstart', 'dragenter', 'dragover', 'dragend', 'drop', 'scroll', 'scrollend', 'animationend', 'animationiteration', 'transitionend', 'transitionstart', 'toggle', 'beforetoggle', 'cancel', 'close', 'invalid', 'reset', 'submit', 'volumechange', 'selectstart', 'ratechange', 'beforematch',
] as const;

/** Some more letters as references, and none of those that are one already. */
function recode(random: Random, value: string): string {
  return value.replace(/&[^;]+;|[a-z<>]/gi, (one) => (one.length === 1 && random.chance(0.15) ? reference(random, one) : one));
}

function drawWords(random: Random): string {
  return random.pick(['', '', '', '', '', '안녕 ', 'hi ', '?? ', 'a < b ', '…', '👋', '가나다\n', '좋은 글이에요 ', '- ', '“네” ']).replace('a < b ', '');
}

/** A string of code ends with its line. */
function drawLine(random: Random): string {
  return drawWords(random).trim();
}

function code(sign: string, length: number): string {
  return (sign.codePointAt(0) ?? 0).toString(16).padStart(length, '0');
}
