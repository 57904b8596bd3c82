import t from 'tap';
import { openCells } from '../../src/state/cells.ts';

function open() {
  const frames: (() => void)[] = [];
  let drawn = 0;
  const cell = openCells(() => { drawn += 1; }, (draw) => frames.push(draw));
  return { cell, frames, drawn: () => drawn, show: () => { for (const draw of frames.splice(0)) draw(); } };
}
const turn = () => new Promise<void>((resolve) => { queueMicrotask(resolve); });

t.test('whatever changes within one frame is drawn once, in it', async (t) => {
  const { cell, frames, drawn, show } = open();
  const [one, two] = [cell(0), cell('')];
  one.value = 1;
  one.value = 2;
  two.value = 'two';
  await turn();
  t.same([frames.length, drawn()], [1, 0]);
  show();
  t.equal(drawn(), 1);
  one.value = 2;
  t.equal(frames.length, 0, 'the same again is no change');
  one.value = 3;
  show();
  t.equal(drawn(), 2);
});

t.test('what a hand waits for is drawn at once, with all that is due', async (t) => {
  const { cell, drawn, show } = open();
  const [row, focus] = [cell(0), cell(0, true)];
  row.value = 1;
  focus.value = 1;
  focus.value = 2;
  await turn();
  t.equal(drawn(), 1);
  show();
  t.equal(drawn(), 1, 'the frame finds nothing left to draw');
  focus.value = 3;
  row.value = 2;
  await turn();
  t.equal(drawn(), 2);
  row.value = 3;
  show();
  t.equal(drawn(), 3);
});
