import { createHmac, timingSafeEqual } from 'node:crypto';

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
  const seal = (secret: string, what: string): string => createHmac('sha256', secret).update(`decision\n${what}`).digest('base64url');
  return {
    issue({ held, since, webhook, decides }, now) {
      const what = [held, since, webhook, decides, now + GOOD_FOR_MS].join('.');
      return `${what}.${seal(secrets[0] ?? '', what)}`;
    },
    read(token, now) {
      const [, what = '', held, since, webhook, decides, until, sealed = ''] = /^((\d{1,15})\.(\d{1,15})\.(\d{1,15})\.(approve|refuse)\.(\d{1,15}))\.([\w-]{43})$/.exec(token) ?? [];
      if (!secrets.some((secret) => timingSafeEqual(Buffer.from(seal(secret, what)), Buffer.from(sealed.padEnd(43)))) || now >= Number(until)) return null;
      return { held: Number(held), since: Number(since), webhook: Number(webhook), decides: decides as Decision['decides'] };
    },
  };
}
