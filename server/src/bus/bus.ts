import type { Hint, Place } from '../protocol/index.ts';

/**
 * The hint between servers: "this room changed, like this". It may be lost, doubled, late or out of order;
 * who hears it applies it when it fits and reads the log when it does not. Nothing is ever lost with it.
 */
export type Bus = {
  /** Applies the commit here in the same tick, then tells the other servers. The one way in. Without rows, everybody reads the log. */
  publish(hint: Hint): void;
  /** What nobody misses when it is lost: who is here, who writes. Never heard by who said it. */
  whisper(place: Place, text: string): void;
  /** Resolves when hints of this room come, or when that takes too long; then heads are compared often enough. */
  follow(place: Place): Promise<void>;
  unfollow(place: Place): void;
  /** Whether hints of other servers can be relied on to come at all. Without, heads are compared often. */
  readonly hears: boolean;
  /** Whether what is said here comes back: without, it is Redis that is gone, and no other server. */
  readonly reached: boolean;
  close(): Promise<void>;
};

export type Listener = {
  hear(hint: Hint): void;
  /** `node`: who said it, the same for as long as that server lives. */
  overhear(place: Place, node: string, text: string): void;
  /** The bus became deaf, or hears again (null): what was said meanwhile is only in the log. */
  turned(deaf: Deafness | null): void;
  /** A room that is open already is heard only now. */
  late(): void;
};

/** Why: what we say does not come back to us, or another server is silent, or says that of itself. */
export type Deafness = 'alone' | 'peer';
