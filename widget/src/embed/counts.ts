import { nameOf } from './name.ts';

/**
 * Writes into every `[data-aside-count]` of a page that lists posts how much was said about each: the attribute is a post's
 * id, or empty in or around a link to the post. What the author wrote there stays where nothing was said yet.
 */
const home = new URL(import.meta.url).origin;
const AT_ONCE = 100;
/** Of the address they are asked by. */
const CHARS_AT_ONCE = 6_000;
const ID_MAX_CHARS = 255;
/** The room whose count stands, or is on its way, in each element. */
const shown = new WeakMap<Element, string>();
let due = false;

function roomOf(element: HTMLElement): string {
  const link = element.closest('a') ?? element.querySelector('a');
  return element.dataset.asideCount || (link?.href ? nameOf(link.href) : '');
}

async function fill(): Promise<void> {
  due = false;
  const sites = new Map<string, Map<string, HTMLElement[]>>();
  for (const element of document.querySelectorAll<HTMLElement>('[data-aside-count]')) {
    const [id, site] = [roomOf(element), element.dataset.asideSite ?? ''];
    // One id that no room can have would have all beside it refused.
    if (id === '' || !id.isWellFormed() || [...id].length > ID_MAX_CHARS || /\p{Cc}/u.test(id) || shown.get(element) === `${site}\n${id}`) continue;
    shown.set(element, `${site}\n${id}`);
    const places = sites.get(site) ?? new Map<string, HTMLElement[]>();
    sites.set(site, places.set(id, [...(places.get(id) ?? []), element]));
  }
  for (const [site, places] of sites) for (const ids of batches([...places.keys()])) await ask(site, ids, places);
}

function* batches(ids: string[]): Generator<string[]> {
  let [batch, chars]: [string[], number] = [[], 0];
  for (const id of ids) {
    chars += encodeURIComponent(id).length + 1;
    if (batch.length > 0 && (batch.length === AT_ONCE || chars > CHARS_AT_ONCE)) {
      yield batch;
      [batch, chars] = [[], encodeURIComponent(id).length + 1];
    }
    batch.push(id);
  }
  if (batch.length > 0) yield batch;
}

async function ask(site: string, ids: string[], places: Map<string, HTMLElement[]>): Promise<void> {
  const answer = await fetch(`${home}/api/v1/counts?ids=${ids.map(encodeURIComponent).join(',')}${site === '' ? '' : `&site=${encodeURIComponent(site)}`}`).catch(() => null);
  const counts = answer?.ok ? (await answer.json() as { counts: { [id: string]: number } }).counts : null;
  for (const id of ids) {
    for (const element of places.get(id) ?? []) {
      const count = counts?.[id] ?? 0;
      // Asked again when the page changes next.
      if (counts === null) shown.delete(element);
      else if (count > 0) element.textContent = count.toLocaleString(document.documentElement.lang || undefined);
    }
  }
}

new MutationObserver(() => {
  if (due) return;
  due = true;
  requestAnimationFrame(() => void fill());
}).observe(document, { childList: true, subtree: true, attributeFilter: ['data-aside-count'] });
void fill();
