/** A frame that is drawn may reach the screen a few frames later. */
const SHOWN_MS = 50;

/** Runs when what is drawn now stands on the screen: until then nothing else may take the time or the network. */
export function afterPaint(task: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(task, SHOWN_MS)));
}
