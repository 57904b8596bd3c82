import t from 'tap';
import { isBreak, isSend } from '../../src/ui/keys.ts';

const enter = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 };

t.test('FR-301: Enter sends, Shift+Enter and every other key do not', async (t) => {
  t.equal(isSend(enter), true);
  t.equal(isSend({ ...enter, shiftKey: true }), false);
  t.equal(isSend({ ...enter, key: 'a', keyCode: 65 }), false);
});

t.test('an Enter that ends a syllable sends nothing by itself, however a browser says so', async (t) => {
  t.equal(isSend({ ...enter, isComposing: true, keyCode: 229 }), false);
  t.equal(isSend({ ...enter, isComposing: false, keyCode: 229 }), false, 'Safari');
  t.equal(isBreak({ inputType: 'insertLineBreak' }), true, 'the line break that may follow it does');
  t.equal(isBreak({ inputType: 'insertParagraph' }), true);
  t.equal(isBreak({ inputType: 'insertCompositionText' }), false);
  t.equal(isBreak({ inputType: 'insertText' }), false);
});
