/** A value that the screen is drawn from. */
export type Cell<T> = { value: T };
export type Cells = <T>(first: T) => Cell<T>;

/** Whatever changes within one tick is drawn once, after it. */
export function openCells(draw: () => void): Cells {
  let due = false;
  const change = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      draw();
    });
  };
  return (first) => {
    let held = first;
    return {
      get value() { return held; },
      set value(next) {
        if (Object.is(next, held)) return;
        held = next;
        change();
      },
    };
  };
}
