import type { Commit } from '../protocol/index.ts';

/**
 * The hint between servers: "this room changed, like this". It may be lost, doubled, late or out of order;
 * who hears it applies it when it fits and reads the log when it does not. Nothing is ever lost with it.
 */
export type Bus = {
  /** Applies the commit here in the same tick, then tells the other servers. The one way in. */
  publish(commit: Commit): void;
  /** Whether hints of other servers can be relied on to come at all. Without, heads are compared often. */
  readonly hears: boolean;
  close(): Promise<void>;
};
