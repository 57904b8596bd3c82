/** A network that fails is asked again, not hammered. */
const AGAIN_MS = 3_000;

/** A part of the widget that is fetched when it is needed, however often it takes. */
export function fetchPart<T>(load: () => Promise<T>): Promise<T> {
  return load().catch(() => new Promise((resolve) => setTimeout(resolve, AGAIN_MS)).then(() => fetchPart(load)));
}
