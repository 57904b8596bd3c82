/** What the browser keeps for us. It may be forbidden, full, or cleared at any moment: nothing here ever throws. */
export type Shelf = {
  read(key: string): string | null;
  /** False when it is not kept. */
  write(key: string, value: string | null): boolean;
  keys(prefix: string): string[];
  /** Whether the browser holds it, and not only this page. */
  keeps(key: string): boolean;
};

/** Where storage is denied this lasts as long as the page. */
export function openShelf(find: () => Storage = () => localStorage): Shelf {
  const memory = new Map<string, string>();
  return {
    read: (key) => attempt(() => find().getItem(key), null) ?? memory.get(key) ?? null,
    write(key, value) {
      memory.delete(key);
      const kept = attempt(() => {
        if (value === null) find().removeItem(key);
        else find().setItem(key, value);
        return true;
      }, false);
      if (!kept && value !== null) memory.set(key, value);
      return kept;
    },
    keeps: (key) => attempt(() => find().getItem(key) !== null, false),
    keys(prefix) {
      const stored = attempt(() => Object.keys(find()), []);
      return [...new Set([...stored, ...memory.keys()])].filter((key) => key.startsWith(prefix));
    },
  };
}

export function attempt<T>(act: () => T, otherwise: T): T {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

/** JSON of any origin as an object whose members are still to be looked at. */
export function readRecord(json: string | null): { [key: string]: unknown } {
  return asRecord(attempt(() => JSON.parse(json ?? ''), null));
}

export function asRecord(value: unknown): { [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
