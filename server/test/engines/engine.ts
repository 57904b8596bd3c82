/** A reader's browser with one page, moved by its own driver: as little as a journey needs, so that all engines can play the same one. */
export type Engine = {
  /** Such as `Firefox 153.7`. */
  name: string;
  /** What scripts and the content policy complained of so far, in the engine's own words. */
  complaints: readonly string[];
  go(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Runs this in the page: it sees nothing of ours but what it is given. */
  run<R, A>(where: Where, task: (given: A) => R, given: A): Promise<R>;
  /** Moves the real pointer there, or presses it there. */
  point(where: Where, selector: string): Promise<void>;
  click(where: Where, selector: string): Promise<void>;
  /** To whatever has the focus, key by key. */
  type(text: string): Promise<void>;
  press(key: Key): Promise<void>;
  /** A PNG of what can be seen. */
  shoot(): Promise<Uint8Array>;
  close(): Promise<void>;
};
/** The blog's page, or the room that it frames. */
export type Where = 'blog' | 'room';
export type Key = 'Enter' | 'Escape' | 'ArrowUp' | 'Backspace';

export const SIZE = { width: 1_200, height: 800 };

/** For one move; two cores under a whole test run are slow. */
export const PATIENCE_MS = 10_000;
