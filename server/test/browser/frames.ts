import type { CDPSession } from 'playwright-core';
import type { Reader } from './reader.ts';

/** How long each frame took, and the most rows that were in the page, while it was watched. */
export type Frames = { spans: number[]; rows: number };

declare global {
  interface Window { watched: { spans: number[]; rows: number; go(): void; stop(): void } }
}

/** Runs in the frame: every frame tells when it began, every change how many rows there are. */
export function watchFrames({ parts }: Reader): Promise<void> {
  return parts.html.evaluate((html) => {
    let last = 0;
    let asked = 0;
    const count = (): void => { window.watched.rows = Math.max(window.watched.rows, html.querySelectorAll('.line').length); };
    const tell = (at: number): void => {
      if (last > 0) window.watched.spans.push(at - last);
      last = at;
      asked = requestAnimationFrame(tell);
    };
    window.watched = {
      spans: [], rows: 0,
      go() {
        last = 0;
        asked = requestAnimationFrame(tell);
      },
      stop: () => cancelAnimationFrame(asked),
    };
    new MutationObserver(count).observe(html, { childList: true, subtree: true });
    count();
    window.watched.go();
  });
}

export function readFrames({ parts }: Reader): Promise<Frames> {
  return parts.html.evaluate(() => ({ spans: window.watched.spans, rows: window.watched.rows }));
}

/** What is drawn between collecting and weighing is weighed with it, so the lightest of a few counts. What is kept for good is in all of them. */
const WEIGHINGS = 3;

/** Bytes of script that are in use. Collecting them all stops the page for longer than any frame of its own: that is not watched. */
export async function weighHeap({ parts }: Reader, devtools: CDPSession): Promise<number> {
  await parts.html.evaluate(() => window.watched.stop());
  const weights: number[] = [];
  for (let i = 0; i < WEIGHINGS; i += 1) {
    await devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await devtools.send('Performance.getMetrics');
    weights.push(metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN);
  }
  await parts.html.evaluate(() => window.watched.go());
  return Math.min(...weights);
}

/** A room's frame is of another site than the blog: it has a process, and so developer tools, of its own. */
export async function openTools({ page, context }: Reader): Promise<CDPSession> {
  const frame = page.frames().find((one) => one.parentFrame() === page.mainFrame());
  if (!frame) throw new Error('The blog frames no room');
  const devtools = await context.newCDPSession(frame);
  await devtools.send('Performance.enable');
  return devtools;
}
