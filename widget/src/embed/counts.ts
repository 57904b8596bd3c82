import { nameOf } from './name.ts';

/**
 * Writes into every `[data-aside-count]` of a page that lists posts how much was said about each: the attribute is a post's
 * id, or empty in or around a link to the post. What the author wrote there stays where nothing was said yet.
 */
const home = new URL(import.meta.url).origin;
const AT_ONCE = 100;
const done = new WeakSet<Element>();
let due = 0;

async function fill(): Promise<void> {
  const places = new Map<string, HTMLElement[]>();
  for (const element of document.querySelectorAll<HTMLElement>('[data-aside-count]')) {
    const link = element.closest('a') ?? element.querySelector('a');
    const id = element.dataset.asideCount || (link && nameOf(link.href));
    if (!id || done.has(element)) continue;
    done.add(element);
    places.set(id, [...(places.get(id) ?? []), element]);
  }
  const ids = [...places.keys()];
  while (ids.length > 0) {
    const answer = await fetch(`${home}/api/v1/counts?ids=${ids.splice(0, AT_ONCE).map(encodeURIComponent).join(',')}`).catch(() => null);
    if (!answer?.ok) continue;
    const { counts } = await answer.json() as { counts: { [id: string]: number } };
    for (const [id, count] of Object.entries(counts)) {
      if (count > 0) for (const element of places.get(id) ?? []) element.textContent = count.toLocaleString(document.documentElement.lang || undefined);
    }
  }
}

new MutationObserver(() => {
  cancelAnimationFrame(due);
  due = requestAnimationFrame(fill);
}).observe(document, { childList: true, subtree: true });
void fill();
