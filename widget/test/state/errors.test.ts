import t from 'tap';
import { readFault } from '../../src/state/errors.ts';

const HOME = 'https://chat.example';

function thrown(name: string, message: string, stack: string): Error {
  return Object.assign(new Error(message), { name, stack });
}

t.test('of an error its kind and its place in our own files are told, in every browser’s way of writing it', async (t) => {
  const stacks = {
    chromium: `TypeError: words\n    at Array.map (<anonymous>)\n    at e (${HOME}/assets/index-COAL_-gn.js:1:2345)\n    at ${HOME}/assets/live-x.js:1:2`,
    firefox: `e@${HOME}/assets/index-COAL_-gn.js:1:2345\nasync*b@${HOME}/assets/live-x.js:1:2`,
    webkit: `map@[native code]\ne@${HOME}/assets/index-COAL_-gn.js:1:2345`,
  };
  for (const [browser, stack] of Object.entries(stacks)) t.same(readFault(thrown('TypeError', 'words', stack), '', HOME), { code: 'type_error', at: 'index-COAL_-gn.js:1:2345' }, browser);
});

t.test('what began elsewhere is not ours to tell', async (t) => {
  const ours = `    at e (${HOME}/assets/index-x.js:1:2)`;
  for (const first of ['chrome-extension://abcdef/content.js:1:2', 'moz-extension://abcdef/content.js:1:2', 'https://blog.example/assets/index-x.js:1:2', `${HOME}.evil.example/assets/index-x.js:1:2`, `blob:${HOME}/5eed5eed-0000-4000-8abc-000000000001:1:2`, `${HOME}/embed.js:1:2`]) {
    t.equal(readFault(thrown('TypeError', 'words', `TypeError: words\n    at f (${first})\n${ours}`), '', HOME), null, first);
  }
  for (const other of [undefined, null, 'words', { stack: ours }, thrown('Error', 'words', 'Error: words')]) t.equal(readFault(other, ':0:0', HOME), null, 'nobody knows where');
  t.same(readFault('words', `${HOME}/assets/index-x.js:1:2`, HOME), { code: 'error', at: 'index-x.js:1:2' }, 'the browser knows where');
});

t.test('nothing that an error says is told, whatever it looks like', async (t) => {
  const message = `비밀\n    at x (${HOME}/assets/secret-words.js:1:2)`;
  t.same(readFault(thrown('RangeError', message, `RangeError: ${message}\n    at e (${HOME}/assets/index-x.js:3:4)`), '', HOME), { code: 'range_error', at: 'index-x.js:3:4' });
  for (const name of ['my secret', '비밀', 'secret', '', 'Secret_Error', 'a'.repeat(100)]) t.match(readFault(thrown(name, 'words', `${HOME}/assets/index-x.js:3:4`), '', HOME), { code: 'error' }, name);
  t.match(readFault(thrown('InvalidStateError', '', `${HOME}/assets/index-x.js:3:4?token=secret`), '', HOME), null);
});
