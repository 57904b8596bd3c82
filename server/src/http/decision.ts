import { createSigner } from '../room/signer.ts';

/** What a link in a chat decides about words that wait. */
/** `since`: when they were said, in ms; a database that went back to a copy gives their number away again. */
export type Decision = { held: number; since: number; webhook: number; decides: 'approve' | 'refuse' };
/** Links that nobody else can make. Nothing of them is kept. */
export type Decisions = {
  issue(decision: Decision, now: number): string;
  /** Null where it is not one of ours, or too old. */
  read(token: string, now: number): Decision | null;
};

/** Words may wait longer; who reads the chat then is another question. */
const GOOD_FOR_MS = 7 * 86_400_000;

/** `secrets`: the one in use first, then at most one it replaces. */
export function createDecisions(secrets: readonly string[]): Decisions {
  const signer = createSigner<[held: number, since: number, webhook: number, decides: Decision['decides']]>(secrets, 'decision', GOOD_FOR_MS);
  return {
    issue: ({ held, since, webhook, decides }, now) => signer.sign([held, since, webhook, decides], now),
    read(token, now) {
      const [held, since, webhook, decides] = signer.read(token, now) ?? [];
      return held === undefined || since === undefined || webhook === undefined || decides === undefined ? null : { held, since, webhook, decides };
    },
  };
}
