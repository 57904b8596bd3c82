/** Where the streams that are attached come from, remembered for a moment: every segment asks. */
export type AttachedStreams = {
  /** The origin's address; null when no room has this stream (any more). */
  find(id: string): Promise<string | null>;
  /** Whether it was attached a moment ago, without asking. */
  knows(id: string): boolean;
  /** Something was attached or detached here. */
  forget(): void;
};

/** How long an address of a detached stream still answers on a server that was not asked to detach it. */
const FOR_MS = 2_000;
const KNOWN_MAX = 10_000;

/** `ask`: where a stream comes from, or null. */
export function createAttached(ask: (id: string) => Promise<string | null>): AttachedStreams {
  const known = new Map<string, { url: Promise<string | null>; found: boolean; until: number }>();
  return {
    find(id) {
      const one = known.get(id);
      if (one && one.until > Date.now()) return one.url;
      const url = ask(id);
      if (known.size >= KNOWN_MAX) known.clear();
      const fresh = { url, found: false, until: Date.now() + FOR_MS };
      known.set(id, fresh);
      url.then((found) => { fresh.found = found !== null; }, () => known.delete(id));
      return url;
    },
    knows(id) {
      const one = known.get(id);
      return one?.found === true && one.until > Date.now();
    },
    forget: () => known.clear(),
  };
}
