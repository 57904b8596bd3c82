import t from 'tap';
import { isTaken, type Keys, openKeys } from '../../src/ui/keys.ts';
import { type Move, type Order, recorded, reported } from './ime-orders.ts';

const enter: Move = { type: 'keydown', key: 'Enter', code: 'Enter', keyCode: 13 };
const LISTENED = Object.keys(openKeys().on(() => {})).map((name) => name.slice(2));
const hear = (keys: Keys, move: Move, timeStamp = 0) => (LISTENED.includes(move.type) ? keys.hear({ ...move, timeStamp }) : null);

t.test('FR-301: Enter sends, Shift+Enter and every other key do not', async (t) => {
  const keys = openKeys();
  t.equal(hear(keys, enter), 'send');
  t.equal(hear(keys, { ...enter, code: 'NumpadEnter' }), 'send');
  t.equal(hear(keys, { ...enter, shiftKey: true }), null);
  t.equal(hear(keys, { type: 'beforeinput', inputType: 'insertLineBreak' }), null, 'the line is broken');
  t.equal(hear(keys, { ...enter, key: 'a', code: 'KeyA', keyCode: 65 }), null);
  t.equal(hear(keys, { type: 'beforeinput', inputType: 'insertText', data: 'a' }), null);
});

for (const order of [...reported, ...recorded.map((row) => ({ ...row, where: 'Chromium, recorded here' }))]) {
  t.test(`${order.where}, ${order.keyboard}: ${order.sent.length > 0 ? 'Enter sends once' : 'nothing is sent'}`, async (t) => {
    t.same(play(order), { sent: order.sent, left: order.left });
  });
}

t.test('every reported order says where', async (t) => {
  for (const { sources } of reported) t.ok(sources.length > 0 && sources.every((one) => URL.canParse(one)));
});

t.test('both halves of one press are one press, wherever the second arrives; a second press is another', async (t) => {
  const keys = openKeys();
  const korean: Move[] = [{ type: 'compositionstart' }, { ...enter, keyCode: 229, isComposing: true }, { type: 'compositionend', data: '달' }];
  t.same(korean.map((move) => hear(keys, move)), [null, null, 'send']);
  t.equal(hear(keys, { type: 'blur' }), null, 'the name card is left for the composer');
  t.equal(hear(keys, enter, 5), 'stop');
  t.equal(hear(keys, enter, 200), 'send');
});

t.test('an Enter that asks for something else does not send: Option and Enter look up Hanja, and a composition left behind has none', async (t) => {
  const keys = openKeys();
  hear(keys, { type: 'compositionstart' });
  hear(keys, { ...enter, keyCode: 229, altKey: true, isComposing: true });
  t.equal(hear(keys, { type: 'compositionend', data: '한' }), null);
  hear(keys, { type: 'compositionstart' });
  hear(keys, { ...enter, keyCode: 229, isComposing: true });
  hear(keys, { type: 'blur' });
  t.equal(hear(keys, { type: 'compositionend', data: '한' }), null);
});

t.test('a key that the input method keeps is no shortcut, however a browser says so', async (t) => {
  t.equal(isTaken({ isComposing: true, keyCode: 27 }), true);
  t.equal(isTaken({ isComposing: false, keyCode: 229 }), true, 'Safari');
  t.equal(isTaken({ isComposing: false, keyCode: 27 }), false);
});

/** A field as browsers treat one: what a key does of itself it does not do when the key was stopped. */
function play({ moves }: Pick<Order, 'moves'>): { sent: string[]; left: string } {
  const keys = openKeys();
  const sent: string[] = [];
  let text = '';
  let under = '';
  let stopped = false;
  let at = 1_000;
  for (const move of moves) {
    at += move.wait ?? 1;
    const isEffect = move.type === 'keypress' || isBreak(move);
    if (isEffect && stopped) continue;
    if (move.type === 'compositionend') [text, under] = [text + (move.data ?? ''), ''];
    const verdict = hear(keys, move, at);
    if (verdict === 'send') {
      if (text + under !== '') sent.push(text + under);
      [text, under] = ['', ''];
    }
    if (move.type === 'keydown') stopped = verdict !== null;
    else if (move.type === 'compositionupdate') under = move.data ?? '';
    else if (move.type === 'beforeinput' && verdict === null) text = put(text, move);
  }
  return { sent, left: text + under };
}

function isBreak({ inputType }: Move): boolean {
  return inputType === 'insertLineBreak';
}

function put(text: string, { inputType, data }: Move): string {
  switch (inputType) {
    case 'insertLineBreak': return `${text}\n`;
    case 'insertText': return text + data;
    case 'insertReplacementText': return text.slice(0, -1) + data;
    case 'deleteContentBackward': return text.slice(0, -1);
    default: return text;
  }
}
