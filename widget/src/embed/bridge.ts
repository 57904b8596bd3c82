/** Both directions between the widget and the page that frames it. Nothing here can send, rename, or read an identity. */
export type FromHost = ({ type: 'setConfig' } & Config) | { type: 'focus' };
export type Config = { theme?: (typeof THEMES)[number]; lang?: 'ko' | 'en'; title?: string };
export type ToHost =
  | { type: 'ready' }
  /** `mentions`: of these, the messages that call the reader by name. */
  | { type: 'unread'; count: number; mentions: number }
  | { type: 'resize'; height: number }
  | { type: 'error'; code: string };

const THEMES = ['auto', 'light', 'dark', 'sepia', 'midnight', 'black'] as const;

/** Its colours are in a sheet of their own. */
export function isPreset(theme: Config['theme'] = 'auto'): boolean {
  return THEMES.indexOf(theme) > 2;
}

export type Bridge = { post(message: ToHost): void; close(): void };

/** Without a host (opened as a page of its own) the bridge is there and leads nowhere. */
export function openBridge(own: Window, hear: (message: FromHost) => void): Bridge {
  const host = own.parent;
  if (host === own) return { post() {}, close() {} };
  let origin = guessOrigin(own);
  const listen = ({ source, origin: sender, data }: MessageEvent) => {
    const message = source === host && (origin === null || origin === sender) ? readFromHost(data) : null;
    if (!message) return;
    origin = sender;
    hear(message);
  };
  own.addEventListener('message', listen);
  return {
    post(message) {
      // A page that hides who it is learns that we are ready, and no more until it has spoken.
      if (origin === null && message.type !== 'ready') return;
      host.postMessage({ aside: { v: 1, ...message } }, origin === null || origin === 'null' ? '*' : origin);
    },
    close: () => own.removeEventListener('message', listen),
  };
}

export function readFromHost(data: unknown): FromHost | null {
  const message = isRecord(data) && isRecord(data.aside) ? data.aside : null;
  if (message?.v !== 1) return null;
  if (message.type === 'focus') return { type: 'focus' };
  return message.type === 'setConfig' ? { type: 'setConfig', ...readConfig(message) } : null;
}

const TITLE_MAX_CHARS = 200;

function readConfig({ theme, lang, title }: { [key: string]: unknown }): Config {
  return {
    ...(THEMES.includes(theme as never) && { theme: theme as (typeof THEMES)[number] }),
    ...((lang === 'ko' || lang === 'en') && { lang }),
    ...(typeof title === 'string' && { title: title.trim().slice(0, TITLE_MAX_CHARS) }),
  };
}

function guessOrigin(own: Window): string | null {
  const ancestor = own.location.ancestorOrigins?.[0];
  if (ancestor !== undefined) return ancestor;
  try {
    const { origin } = new URL(own.document.referrer);
    // After a reload from inside the frame the referrer is ourselves, which says nothing of the host.
    return origin === own.location.origin ? null : origin;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
