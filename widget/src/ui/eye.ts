/** Words before the reader's eyes, and how far they are from the beginning of what can be scrolled. */
export type Sight = { element: Element; y: number };

/** From the top of the view down, more than one: the first may be deleted while it is read. */
const SIGHTS = 6;

export function takeSights(scroller: Element): Sight[] {
  const edge = topOf(scroller);
  const lines = scroller.querySelectorAll('.line');
  let [from, to] = [0, lines.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((lines[middle]?.getBoundingClientRect().bottom ?? 0) > edge) to = middle;
    else from = middle + 1;
  }
  return [...lines].slice(from, from + SIGHTS).map((line) => {
    const element = wordsOf(line);
    return { element, y: depthOf(scroller, element) };
  });
}

/**
 * Scrolls by as much as they were moved, and remembers what a screen's whole pixels leave over: nothing adds up.
 * `scrolled` is where the list stood before: a browser that shortens it has moved it already.
 */
export function holdSights(scroller: Element, sights: readonly Sight[], scrolled: number): void {
  const sight = sights.find(({ element }) => element.isConnected);
  if (!sight) return;
  scroller.scrollTop = scrolled + depthOf(scroller, sight.element) - sight.y;
  for (const one of sights) one.y += scroller.scrollTop - scrolled;
}

function depthOf(scroller: Element, element: Element): number {
  return topOf(element) - topOf(scroller) + scroller.scrollTop;
}

/** A line may lose the name above its words to the message before it: the words are what must not move. */
export function wordsOf(line: Element): Element {
  return line.querySelector('.text') ?? line;
}

export function topOf(element: Element): number {
  return element.getBoundingClientRect().top;
}

/** Shown for a moment, by colour alone: with no motion for those who asked for none. */
export function flash(line: Element): void {
  const easing = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'step-end' : 'ease-in';
  line.animate({ background: ['var(--aside-mine)', 'transparent'], boxShadow: ['0 0 0 6px var(--aside-mine)', '0 0 0 6px transparent'] }, { duration: FLASH_MS, easing });
}

const FLASH_MS = 2_500;
