/** Who is in a room on one other server, as it says. Of many only the number. */
export type Crowd = { authors: string[] | null; /** Those who are not in `authors`. */ more: number; names: Named[] };
export type Named = { author: string; nick: string; avatar: string };

/** Who is in a room on the other servers. What none of them confirms ends by itself: a server may die without a word. */
export type Elsewhere = {
  hear(node: string, crowd: Crowd, now: number): void;
  /** True when somebody was forgotten. */
  expire(now: number): boolean;
  has(author: string): boolean;
  readonly authors: Iterable<string>;
  readonly size: number;
  readonly more: number;
  readonly names: Iterable<Named>;
};

const KEPT_MS = 50_000;
/** A cluster of ours is no larger; more are somebody's mistake. */
const NODES_MAX = 1_000;

export function createElsewhere(): Elsewhere {
  const nodes = new Map<string, { crowd: Crowd; until: number }>();
  let authors = new Set<string>();
  let more = 0;

  function add(): void {
    authors = new Set([...nodes.values()].flatMap(({ crowd }) => crowd.authors ?? []));
    more = [...nodes.values()].reduce((sum, { crowd }) => sum + crowd.more, 0);
  }

  return {
    hear(node, crowd, now) {
      if (crowd.more === 0 && crowd.authors?.length === 0) nodes.delete(node);
      else if (nodes.has(node) || nodes.size < NODES_MAX) nodes.set(node, { crowd, until: now + KEPT_MS });
      add();
    },
    expire(now) {
      const gone = [...nodes].filter(([, { until }]) => until <= now);
      for (const [node] of gone) nodes.delete(node);
      if (gone.length > 0) add();
      return gone.length > 0;
    },
    has: (author) => authors.has(author),
    get authors() { return authors; },
    get size() { return authors.size; },
    get more() { return more; },
    get names() { return [...nodes.values()].flatMap(({ crowd }) => crowd.names); },
  };
}
