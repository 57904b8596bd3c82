import type { Log } from '../log/messages.ts';
import { NO_LISTS, type WordLists } from '../log/words.ts';
import { createWords, type Words } from './words/words.ts';
import { standardAllowed, standardBlocked } from './words/lists.ts';

/** The word lists of each site, as they are now: changed ones hold a second later at most, on every server. */
export type Lexicon = {
  find(site: string, text: string): Promise<string | null>;
  /** Whether our own lists hold where a site has none. */
  readonly standard: boolean;
  /** They were changed here: asked for at the next word. */
  forget(site: string): void;
};

type Entry = { lists: WordLists; words: Words; askedAt: number; asking: Promise<void> | null };

const ASK_EVERY_MS = 1_000;
const SITES_MAX = 1_000;

export function createLexicon(log: Pick<Log, 'readWords'>, now: () => number, standard: boolean): Lexicon {
  const sites = new Map<string, Entry>();
  // Most sites have no lists of their own: they share one machine of words.
  const none: WordLists = { ...NO_LISTS, standard };
  const usual = compile(none);

  async function ask(site: string, entry: Entry): Promise<void> {
    // Lists that cannot be read are as they were: the words meet the same log next.
    const lists = await log.readWords(site, entry.lists.version).catch(() => null);
    entry.askedAt = now();
    entry.asking = null;
    if (lists) Object.assign(entry, { lists, words: compile(lists) });
  }

  return {
    standard,
    async find(site, text) {
      let entry = sites.get(site);
      if (!entry) {
        if (sites.size >= SITES_MAX) sites.clear();
        sites.set(site, (entry = { lists: none, words: usual, askedAt: Number.NEGATIVE_INFINITY, asking: null }));
      }
      if (now() - entry.askedAt >= ASK_EVERY_MS) await (entry.asking ??= ask(site, entry));
      return entry.words.find(text);
    },
    forget: (site) => sites.delete(site),
  };
}

function compile({ blocked, allowed, standard }: WordLists): Words {
  return createWords({ blocked: standard ? [...standardBlocked, ...blocked] : blocked, allowed: standard ? [...standardAllowed, ...allowed] : allowed });
}
