import { isSite } from '../protocol/index.ts';
import { createSigner } from './signer.ts';

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
  const signer = createSigner<[site: string, author: string, was?: string]>(secrets, 'ticket', GOOD_FOR_MS);
  return {
    issue: ({ site, author, was }, now) => signer.sign(was === undefined ? [site, author] : [site, author, was], now),
    read(ticket, now) {
      const [site, author, was] = signer.read(ticket, now) ?? [];
      if (!isSite(site) || author === undefined) return null;
      return was === undefined ? { site, author } : { site, author, was };
    },
  };
}
