/** All that is told of an error: its kind, and where in our own code. */
export type Fault = { code: string; at: string };

const TOLD_MAX = 5;
const told = new Set<string>();

/** From the first error on, each is told to the server once; never what it says. */
export function watchErrors(first: Event): void {
  for (const name of ['error', 'unhandledrejection']) addEventListener(name, tell);
  tell(first);
}

function tell(event: Event): void {
  const { error, reason, filename = '', lineno, colno } = event as Partial<ErrorEvent & PromiseRejectionEvent>;
  const fault = readFault(error ?? reason, `${filename}:${lineno}:${colno}`, location.origin);
  const key = fault && `${fault.code} ${fault.at}`;
  if (!key || told.size >= TOLD_MAX || told.has(key)) return;
  told.add(key);
  // As text: a frame that is sandboxed would have to ask first whether it may send JSON.
  fetch('/api/v1/errors', { method: 'POST', body: JSON.stringify({ ...fault, version: versionOf(document) }), credentials: 'omit', keepalive: true }).catch(() => 'it is told by others');
}

/** Null for what did not begin in our own files: a browser's extensions fail in every page. `place`: where the browser says it was. */
export function readFault(thrown: unknown, place: string, home: string): Fault | null {
  const { name, message, stack } = thrown instanceof Error ? thrown : { name: '', message: '', stack: '' };
  // Where it says something that looks like a place, that is none.
  const frames = message === '' ? stack : stack?.split(message).at(-1);
  const [begun = place] = /[a-z][a-z-]*:\/\/[^\s()]+/.exec(frames ?? '') ?? [];
  const assets = `${home}/assets/`;
  const [at] = (begun.startsWith(assets) && /^[\w.-]+\.js(:\d+){1,2}$/.exec(begun.slice(assets.length))) || [];
  return at === undefined ? null : { code: codeOf(name), at };
}

/** Of what is no class of errors, not even the name is told. */
function codeOf(name: string): string {
  return /^([A-Z][a-z]+){0,4}Error$/.test(name) ? name.replace(/\B[A-Z]/g, '_$&').toLowerCase().slice(0, 40) : 'error';
}

/** Of this build: the hash of its first script. */
function versionOf(page: Document): string {
  return /\/index-([\w-]+)\.js/.exec([...page.scripts].map(({ src }) => src).join(' '))?.[1] ?? 'unknown';
}
