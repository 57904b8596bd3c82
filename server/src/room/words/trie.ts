import type { Skeleton } from './skeleton.ts';

/** All words at once (Aho–Corasick): reading a text costs the same however many there are. */
export type Trie = {
  /** Tells of every entry that ends at a letter. */
  walk(skeleton: Skeleton, hit: (entry: number, last: number) => void): void;
};

/** Built over the letters of its entries; entries are named by their place. */
export function buildTrie(entries: readonly { letters: readonly number[] }[]): Trie {
  const size = entries.reduce((sum, { letters }) => sum + letters.length, 1);
  const parents = new Int32Array(size), symbols = new Int32Array(size), fails = new Int32Array(size);
  /** The first entry that ends at a node, the next one that ends where an entry does, the nearest node behind at which one ends. */
  const firsts = new Int32Array(size).fill(-1), nexts = new Int32Array(entries.length).fill(-1), shorter = new Int32Array(size);
  const mask = 2 ** Math.ceil(Math.log2(size * 2 + 2)) - 1;
  const slots = new Int32Array(mask + 1);
  let nodes = 1;

  /** Most letters begin no word: jamo and Latin letters are looked up from the root without a search. */
  const roots = new Int32Array(0x3164);

  /** The child, or 0, which is the root and nobody's child. */
  function child(node: number, letter: number): number {
    if (node === 0 && letter < roots.length) return roots[letter] ?? 0;
    for (let slot = hash(node, letter) & mask; ; slot = (slot + 1) & mask) {
      const found = slots[slot] ?? 0;
      if (found === 0 || (parents[found] === node && symbols[found] === letter)) return found;
    }
  }

  function grow(node: number, letter: number): number {
    parents[nodes] = node;
    symbols[nodes] = letter;
    let slot = hash(node, letter) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = nodes;
    if (node === 0 && letter < roots.length) roots[letter] = nodes;
    nodes += 1;
    return nodes - 1;
  }

  function step(node: number, letter: number): number {
    let from = node;
    for (;;) {
      const to = child(from, letter);
      if (to !== 0 || from === 0) return to;
      from = fails[from] ?? 0;
    }
  }

  // Breadth first, so that a node's number tells that all nearer to the root were made before.
  let front = entries.map((_, entry) => ({ entry, node: 0 }));
  for (let depth = 0; front.length > 0; depth += 1) {
    const next: typeof front = [];
    for (const { entry, node } of front) {
      const letters = entries[entry]?.letters ?? [];
      const letter = letters[depth];
      if (letter === undefined) continue;
      const to = child(node, letter) || grow(node, letter);
      if (letters.length > depth + 1) next.push({ entry, node: to });
      else {
        nexts[entry] = firsts[to] ?? -1;
        firsts[to] = entry;
      }
    }
    front = next;
  }
  for (let node = 1; node < nodes; node += 1) {
    const parent = parents[node] ?? 0;
    const fail = parent === 0 ? 0 : step(fails[parent] ?? 0, symbols[node] ?? 0);
    fails[node] = fail;
    shorter[node] = firsts[fail] !== -1 ? fail : (shorter[fail] ?? 0);
  }

  return {
    walk({ letters, length }, hit) {
      let node = 0;
      for (let i = 0; i < length; i += 1) {
        node = step(node, letters[i] ?? 0);
        if (node === 0) continue;
        for (let at = firsts[node] !== -1 ? node : (shorter[node] ?? 0); at !== 0; at = shorter[at] ?? 0) {
          for (let entry = firsts[at] ?? -1; entry !== -1; entry = nexts[entry] ?? -1) hit(entry, i);
        }
      }
    },
  };
}

function hash(node: number, letter: number): number {
  const mixed = Math.imul(node ^ Math.imul(letter, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
