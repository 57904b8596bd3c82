import type { RefusalCode } from '@aside/server/protocol';

export type Lang = 'ko' | 'en';

/** Every word the reader sees or hears read out. */
export type Words = {
  room: string;
  log: string;
  present: string;
  people(count: string): string;
  joining: string;
  offline: string;
  closed: string;
  /** Why it matters; that it is so stands in the header. */
  ended: string;
  comeBack: string;
  outdated: string;
  banned: string;
  doubtful: string;
  polling: string;
  ownWindow: string;
  reloaded: string;
  fleeting: string;
  emptyTitle: string;
  emptyHint: string;
  opening: string;
  latest: string;
  /** Stands before the first message the reader has missed. */
  mark: string;
  lost: string;
  /** Read out where messages come too fast to be read out. */
  news(count: number): string;
  me: string;
  sending: string;
  held: string;
  unsent: string;
  maybeUnsent: string;
  /** Empty until writing is possible. */
  why: Partial<Record<RefusalCode, string>>;
  retry: string;
  rewrite: string;
  unsaved: string;
  typing(names: readonly string[], more: number): string;
  edited: string;
  reacted(emoji: string, count: string): string;
  gone: string;
  profile: string;
  save: string;
  cancel: string;
};

const known = new Map<Lang, Words>();

/** The words that the page itself brought, in its language. */
export function takeWords(lang: Lang): boolean {
  const brought = (globalThis as { asideWords?: Words }).asideWords;
  if (brought) known.set(lang, brought);
  return brought !== undefined;
}

/** Those of another language, when the host page changes it; each reader fetches what they read alone. */
export async function loadWords(lang: Lang): Promise<void> {
  if (!known.has(lang)) known.set(lang, lang === 'ko' ? (await import('./ko.ts')).ko : (await import('./en.ts')).en);
}

/** Loaded before anything is drawn in that language. */
export function wordsOf(lang: Lang): Words {
  return known.get(lang) as Words;
}
