/** A value that the screen is drawn from. */
export type Cell<T> = { value: T };
/** What a hand waits for, such as the focus a tap opens a keyboard with, is drawn `atOnce`. */
export type Cells = <T>(first: T, atOnce?: true) => Cell<T>;

/** Whatever changes within one frame is drawn once, in it: a busy room changes more often than a screen can show. */
export function openCells(draw: () => void, inFrame: (draw: () => void) => void = waitForFrame): Cells {
  let due = false;
  let soon = false;
  let restUntil = 0;
  const drawDue = () => {
    if (!due) return;
    const began = performance.now();
    // Where drawing is slow, what comes in two halves is drawn once: every other frame is left to the reader's hands.
    if (!soon && began < restUntil) return inFrame(drawDue);
    due = soon = false;
    draw();
    const ended = performance.now();
    restUntil = ended + ended - began;
  };
  const change = (atOnce = false) => {
    if (atOnce && !soon) queueMicrotask(drawDue);
    if (!due && !atOnce) inFrame(drawDue);
    due = true;
    soon ||= atOnce;
  };
  return (first, atOnce) => {
    let held = first;
    return {
      get value() { return held; },
      set value(next) {
        if (Object.is(next, held)) return;
        held = next;
        change(atOnce);
      },
    };
  };
}

/** A hidden page gets no frames, nor does a frame that is scrolled out of sight: what came is drawn all the same. */
const FRAME_WITHIN_MS = 200;

function waitForFrame(draw: () => void): void {
  const end = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    draw();
  };
  const frame = requestAnimationFrame(end);
  const timer = setTimeout(end, FRAME_WITHIN_MS);
}
