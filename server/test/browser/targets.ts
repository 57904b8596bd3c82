import type { Page } from 'playwright-core';

const LEAST_PX = 44;

/** What can be pressed and is smaller than a finger asks, as sentences. */
export function findSmall(page: Page): Promise<{ looked: number; small: string[] }> {
  return page.evaluate(measure, LEAST_PX);
}

/** Runs in the page. */
function measure(least: number): { looked: number; small: string[] } {
  /** The box that answers, with what `::after` adds to it. */
  function areaOf(element: Element): { width: number; height: number } {
    const { width, height } = element.getBoundingClientRect();
    const after = getComputedStyle(element, '::after');
    if (after.content === 'none' || after.position !== 'absolute') return { width, height };
    const beyond = (side: string): number => Math.max(0, -Number.parseFloat(side) || 0);
    return { width: width + beyond(after.left) + beyond(after.right), height: height + beyond(after.top) + beyond(after.bottom) };
  }

  /** A link among words is as high as its line. */
  const isInText = (element: Element): boolean => getComputedStyle(element).display === 'inline' && element.closest('.text') !== null;

  const all = [...document.querySelectorAll(document.querySelector('dialog[open]') ? 'dialog[open] *' : '*')]
    .filter((element) => element.matches('a[href], button, input, textarea, [role="option"]') && element.checkVisibility() && getComputedStyle(element).pointerEvents !== 'none' && !isInText(element));
  const small = all.flatMap((element) => {
    const { width, height } = areaOf(element);
    return Math.round(width) >= least && Math.round(height) >= least ? [] : [`${element.outerHTML.slice(0, 90)} is ${Math.round(width)} × ${Math.round(height)}`];
  });
  return { looked: all.length, small };
}
