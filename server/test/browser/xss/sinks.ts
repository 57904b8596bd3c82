/**
 * What a page would do that does not render as we do: each makes a document out of a stranger's text.
 * Only the control page does any of it.
 */
export type Sink = keyof typeof sinks;

const inElement = (name: string) => (text: string): string => body(`<${name}>${text}`);
const inAttribute = (quote: string) => (text: string): string => body(`<input value=${quote}${text}${quote}>`);
const inString = (quote: string) => (text: string): string => body(`<script>said=${quote}${text}${quote};</script>`);

export const sinks = {
  page: (text: string): string => body(text),
  double: inAttribute('"'),
  single: inAttribute("'"),
  bare: (text: string): string => body(`<input value=${text}>`),
  title: inElement('title'),
  textarea: inElement('textarea'),
  style: inElement('style'),
  noscript: inElement('noscript'),
  xmp: inElement('xmp'),
  iframe: inElement('iframe'),
  noembed: inElement('noembed'),
  noframes: inElement('noframes'),
  template: inElement('template'),
  script: inElement('script'),
  comment: (text: string): string => body(`<!-- ${text}`),
  cdata: (text: string): string => body(`<svg><![CDATA[${text}`),
  doubleString: inString('"'),
  singleString: inString("'"),
  templateString: inString('`'),
  handler: (text: string): string => body(`<script>function show(){}</script><button onclick="show('${text}')">x</button>`),
  link: (text: string): string => body(`<a href="${asAttribute(text)}">x</a>`),
  frame: (text: string): string => body(`<iframe src="${asAttribute(text)}"></iframe>`),
  /** Parsed where no script runs, written out, and parsed again where one does: what sanitizers do. */
  twice: (text: string): string => body(work(text, "const first=new DOMParser().parseFromString(text,'text/html').body.innerHTML;const box=document.createElement('div');document.body.append(box);box.innerHTML=first")),
  decoded: (text: string): string => body(work(text, "const area=document.createElement('textarea');area.innerHTML=text;const box=document.createElement('div');document.body.append(box);box.innerHTML=area.value")),
  percent: (text: string): string => body(work(text, "const box=document.createElement('div');document.body.append(box);box.innerHTML=decodeURIComponent(text)")),
  unescaped: (text: string): string => body(work(text, "const box=document.createElement('div');document.body.append(box);box.innerHTML=text.replace(/\\\\u\\{?([0-9a-f]{2,4})\\}?|\\\\x([0-9a-f]{2})/gi,(_,a,b)=>String.fromCharCode(parseInt(a||b,16)))")),
  engine: (text: string): string => body(work(text, "document.body.append(text.replace(/\\{\\{(.*?)\\}\\}|[$#@]\\{(.*?)\\}(?!\\})|<%[=-]?(.*?)%>|\\[\\[(.*?)\\]\\]/gs,(_,...found)=>String(new Function('return('+found.slice(0,4).find(Boolean)+')')())))")),
  markdown: (text: string): string => body(text.replace(/!\[([^\]]*)\]\((.*)\)/gs, '<img src="$2" alt="$1">').replace(/\[([^\]]*)\]\((.*)\)/gs, '<a href="$2">$1</a>').replace(/\[([^\]]*)\]:\s*(.*)/gs, '<a href="$2">$1</a>').replace(/^<([a-z]+:[^>]*)>/is, '<a href="$1">$1</a>').replace(/\[url=(.*?)\](.*)\[\/url\]/gs, '<a href="$1">$2</a>').replace(/\[img\](.*)\[\/img\]/gs, '<img src="$1">')),
  autolink: (text: string): string => body(text.replace(/https?:\/\/\S+/g, '<a href="$&">$&</a>')),
  autolinkSingle: (text: string): string => body(text.replace(/https?:\/\/\S+/g, "<a href='$&'>$&</a>")),
} as const;

/** Frames below tell it as a message: one of no origin can do nothing else. */
const HEAD = `<!doctype html><meta charset=utf-8><script>for(const name of['alert','confirm','prompt'])window[name]=(...said)=>{parent.ran(said)};addEventListener('message',({data})=>parent.ran([data]))</script>`;

function body(inside: string): string {
  return `${HEAD}<body>${inside}`;
}

function work(text: string, code: string): string {
  return `<script>const text=${JSON.stringify(text).replaceAll('<', '\\u003c')};${code}</script>`;
}

function asAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
