import type { Random } from '../../faults/random.ts';
import { type Attribute, mixCase, tagWith } from './markup.ts';

/** What asks another server for something without a line of script. */
type Resource = (there: string) => readonly [name: string, attributes: readonly Attribute[], before?: string, after?: string];
export const resources: readonly Resource[] = [
  ...(['img', 'image', 'script', 'iframe', 'embed'] as const).map((name): Resource => (there) => [name, [['src', there]], '', name === 'script' || name === 'iframe' ? `</${name}>` : '']),
  (there) => ['img', [['srcset', there]]],
  (there) => ['img', [['src', there], ['loading', 'eager'], ['crossorigin', '']]],
  (there) => ['source', [['srcset', there]], '<picture>', '<img></picture>'],
  (there) => ['video', [['src', there]]],
  (there) => ['video', [['poster', there]]],
  (there) => ['audio', [['src', there], ['preload', 'auto']]],
  (there) => ['source', [['src', there]], '<audio preload=auto>'],
  (there) => ['source', [['src', there]], '<video>'],
  (there) => ['link', [['rel', 'stylesheet'], ['href', there]]],
  (there) => ['link', [['rel', 'preload'], ['as', 'image'], ['href', there]]],
  (there) => ['link', [['rel', 'prefetch'], ['href', there]]],
  (there) => ['link', [['rel', 'modulepreload'], ['href', there]]],
  (there) => ['object', [['data', there]]],
  (there) => ['input', [['type', 'image'], ['src', there]]],
  (there) => ['body', [['background', there]]],
  (there) => ['table', [['background', there]], '', '<td>x'],
  (there) => ['td', [['background', there]], '<table><tr>', 'x'],
  (there) => ['image', [['href', there]], '<svg>'],
  (there) => ['image', [['xlink:href', there]], '<svg>'],
  (there) => ['feImage', [['href', there]], '<svg><filter id=f>', '</filter><rect width=9 height=9 filter=url(#f)>'],
];

export function drawStyle(random: Random, there: string): string {
  const space = (): string => random.pick(['', ' ', '\n', '/**/', '\t', '/*x*/ ']);
  const quote = random.pick(['"', "'", '']);
  const name = random.pick(['url', 'URL', 'u\\72l', '\\75 rl', 'Url', 'ur\\6c']);
  const value = `${name}(${quote}${there}${quote})`;
  const property = random.pick(['background', 'background-image', 'list-style', 'list-style-image', 'border-image', 'border-image-source', 'content', '-webkit-mask-image', 'mask', 'mask-image', '--x', 'background-image:image-set', 'background:x;background', '-webkit-border-image', '-webkit-box-reflect:below 0']);
  const said = property === '--x' ? `--x:${space()}${value};background:var(--x)` : property.endsWith('image-set') ? `${property}(${value} 1x)` : property.startsWith('-webkit-box') ? `${property} ${value}` : property === 'content' ? `content:${space()}${value}` : `${property}${space()}:${space()}${value}`;
  const where = random.pick(['*', 'body', 'html', ':root', 'body *', 'p', '::before', 'p::before', ':not(x)', '[x],p', 'body>p', '@media all{*', '@supports(color:red){*', '@layer x{*']);
  const form = random.pick(['sheet', 'sheet', 'sheet', 'attribute', 'import', 'font'] as const);
  if (form === 'attribute') return `${tagWith(random, random.pick(['p', 'div', 'b', 'h1', 'li', 'pre', 'q', 'section', 'center']), 'style', `display:list-item;${said}`.replaceAll('"', "'"), [])}x`;
  if (form === 'import') return `<style>${space()}@${mixCase(random, 'import')} ${random.pick([`"${there}"`, `'${there}'`, value])}${random.pick(['', ' all', ' layer', ' screen', ' supports(color:red)'])};${random.pick(['', '</style>', 'x{}</style>'])}`;
  if (form === 'font') return `<style>@font-face{${space()}font-family:x;${space()}src:${space()}${value}${space()}}${random.pick(['*', 'p', 'body', 'html'])}{font-family:x}</style><p>x`;
  return `<style${random.pick(['', ' x', ' type=text/css', ' media=all'])}>${space()}${where}${space()}{${space()}display:list-item;${where.includes('::') ? 'content:"x";' : ''}${said}${space()}}${where.includes('{') ? '}' : ''}</style>${random.pick(['<p x>x', '<p x>가', '<p x><b>x', 'x<p x>y'])}`;
}
