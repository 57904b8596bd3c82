import type { Random } from '../../faults/random.ts';
import { drawCode } from './calls.ts';
import { drawScript, drawSelf, mixCase } from './markup.ts';
import type { Drawn } from './payload.ts';
import type { Sink } from './sinks.ts';

/** Ways out of the place that a text was written into. */
const rawElements = ['title', 'textarea', 'style', 'noscript', 'xmp', 'iframe', 'noembed', 'noframes', 'template', 'script'] as const;

export function rawText(random: Random, id: number): Drawn {
  const inside = random.chance(0.4) ? drawScript(random, drawCode(random, id)) : drawSelf(random, id);
  const words = random.pick(['', 'x', '가 ', '"', "'", '<b>', '<!--x-->', '--', '&']);
  if (random.chance(0.15)) return { text: `${words.replace('<!--x-->', '')}${random.pick(['-->', '--!>', '--><b>', '\n-->'])}${inside}`, sink: 'comment' };
  if (random.chance(0.1)) return { text: `${words}]]></svg>${inside}`, sink: 'cdata' };
  const name = random.pick(rawElements);
  return { text: `${name === 'script' ? '' : words}</${mixCase(random, name)}${random.pick(['>', ' >', '\n>', '/>', ' x>', '\t>'])}${inside}`, sink: name };
}

/** What reads one way while no script may run, and another way where one may. */
export function drawMutation(random: Random, id: number): string {
  const self = drawSelf(random, id, '-');
  const words = random.pick(['', '<p>', '<b>', 'x', '<div>', '<a>', '<i>x</i>', '<p x=y>']);
  const raw = random.pick(['style', 'xmp', 'iframe', 'noembed', 'noframes', 'title', 'textarea'].slice(0, 5));
  const tail = random.pick(['', 'x', '<p>', '가']);
  return words + random.pick([
    () => `<noscript><${raw}></noscript>${self}</${raw}>${tail}`,
    () => `<noscript>${random.pick(['', 'x', '<b>', '<p>'])}<!--${random.pick(['', 'x', ' '])}</noscript>${self}-->${tail}`,
    () => `<noscript><${raw} ${random.pick(['x', 'y=z', 'class=x'])}>${random.pick(['', 'x'])}</noscript>${self}</${raw}>${tail}`,
    () => `<form><math><mtext></form><form><mglyph><style></math>${self}${tail}`,
    () => `<math><mtext><table><mglyph><style><!--</style>${self}${random.pick(['', '-->'])}${tail}`,
    () => `<svg></p><style><a ${random.pick(['id', 'title', 'x'])}="</style>${self}${random.pick(['"', '">'])}${tail}`,
    () => `<math></p><style><!--</style>${self}${random.pick(['', '-->'])}${tail}`,
    () => `<svg></br><style><a ${random.pick(['id', 'x'])}="</style>${self}${tail}`,
    () => `<select><${random.pick(['option', 'optgroup'])}><style></select>${random.pick(['', 'x'])}</style></option></select>${self}${tail}`,
  ])();
}

const closers = ['"', "'", '`', '-->', '*/', '</title>', '</style>', '</textarea>', '</script>', '</noscript>', '</xmp>', '</template>', '</select>', '</svg>', '</math>', ']]>', '?>', '%>', ')', '}', ']', ';', '\n', '//', '</iframe>', '</noembed>', '">', "'>", '/>', '{{', '${'] as const;
const exits: readonly (readonly [Sink, string])[] = [
  ['page', ''], ['double', '">'], ['single', "'>"], ['bare', ' >'], ['title', '</title>'], ['textarea', '</textarea>'], ['style', '</style>'], ['noscript', '</noscript>'], ['xmp', '</xmp>'], ['iframe', '</iframe>'], ['noembed', '</noembed>'], ['template', '</template>'], ['script', '</script>'], ['comment', '-->'],
  ['doubleString', '</script>'], ['singleString', '</script>'], ['templateString', '</script>'], ['handler', '">'],
];

export function drawPolyglot(random: Random, id: number): Drawn {
  const [sink, exit] = random.pick(exits);
  const before = random.shuffle(closers).slice(0, random.between(4, 9));
  // After the way out, what opens nothing else: a quote between tags is text.
  const after = random.shuffle(closers).slice(0, random.between(0, 4)).filter((one) => !one.includes('//'));
  const scheme = random.pick(['', 'javascript:', 'jaVasCript:/*', 'data:text/html,', 'https://a.kr/', '/*', '<!--', '<p x="', '가 ']);
  const unsafe = sink === 'comment' || sink === 'script' ? scheme.replace('<!--', '') : scheme;
  return { text: `${unsafe}${before.join('')}${exit}${after.join('')}${drawSelf(random, id)}${random.pick(['', '//', '<!--', '/*', '<x y="', "'", '"', '`', '*/', '<p>'])}`, sink };
}
