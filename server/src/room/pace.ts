/** Holds things back so that each key goes at most once in an interval; what waits meanwhile goes together. */
export type Pace = { turn(key: string): Promise<void> | null; close(): void };

export function createPace(everyMs: number): Pace {
  const waiting = new Map<string, { go: (() => void)[]; timer: NodeJS.Timeout }>();

  function arm(key: string): { go: (() => void)[]; timer: NodeJS.Timeout } {
    const timer = setTimeout(() => {
      const due = waiting.get(key);
      waiting.delete(key);
      if (!due || due.go.length === 0) return;
      waiting.set(key, arm(key));
      for (const go of due.go) go();
    }, everyMs);
    return { go: [], timer };
  }

  return {
    /** Null: go now. */
    turn(key) {
      const ahead = waiting.get(key);
      if (ahead) return new Promise((go) => ahead.go.push(go));
      waiting.set(key, arm(key));
      return null;
    },
    close() {
      for (const { go, timer } of waiting.values()) {
        clearTimeout(timer);
        for (const one of go) one();
      }
      waiting.clear();
    },
  };
}
