import { createHmac, timingSafeEqual } from 'node:crypto';
import { isSite } from '../protocol/index.ts';

/** A person of one site, under the id of now and the one under the secret before. */
export type Holder = { site: string; author: string; was?: string };
/** What the socket gives the holder of a secret id, to ask over HTTP in its place. Nothing of them is kept. */
export type Tickets = {
  issue(holder: Holder, now: number): string;
  /** Null where it is not one of ours, or too old. */
  read(ticket: string, now: number): Holder | null;
};

const GOOD_FOR_MS = 600_000;

/** `secrets`: the one in use first, then at most one it replaces. */
export function createTickets(secrets: readonly string[]): Tickets {
  const seal = (secret: string, what: string): string => createHmac('sha256', secret).update(`ticket\n${what}`).digest('base64url');
  return {
    issue({ site, author, was }, now) {
      const what = Buffer.from(JSON.stringify([now + GOOD_FOR_MS, site, author, ...(was === undefined ? [] : [was])])).toString('base64url');
      return `${what}.${seal(secrets[0] ?? '', what)}`;
    },
    read(ticket, now) {
      const [, what = '', sealed = ''] = /^([\w-]{1,1024})\.([\w-]{43})$/.exec(ticket) ?? [];
      if (!secrets.some((secret) => timingSafeEqual(Buffer.from(seal(secret, what)), Buffer.from(sealed.padEnd(43))))) return null;
      const [until, site, author, was] = JSON.parse(Buffer.from(what, 'base64url').toString()) as [number, string, string, string?];
      if (now >= until || !isSite(site)) return null;
      return was === undefined ? { site, author } : { site, author, was };
    },
  };
}
