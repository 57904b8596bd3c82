import type { RequestListener } from 'node:http';
import type { Test } from 'tap';
import { createGuard, type Guard } from '../../src/stream/guard.ts';
import { type Limits, openOrigin, type Origin } from '../../src/stream/origin.ts';
import { StreamError } from '../../src/stream/refusal.ts';
import { type Host, openHost } from './hosts.ts';

export const MAX = { maxBytes: 1_000_000 };
type Parts = Parameters<typeof openOrigin>[2];

/** A host, and an origin whose operator lists it. */
export async function open(t: Test, listener: RequestListener, limits: Partial<Limits> = {}, parts: Parts = {}): Promise<{ host: Host; origin: Origin }> {
  const host = await openHost(listener);
  return { host, origin: use(t, host, limits, parts) };
}

/** An origin for a host; both are closed with the test. */
export function use(t: Test, host: Host, limits: Partial<Limits> = {}, parts: Parts = {}, guard: Guard = createGuard([host.at])): Origin {
  const origin = openOrigin(guard, limits, parts);
  t.teardown(async () => {
    await origin.close();
    await host.close();
  });
  return origin;
}

export async function read(origin: Origin, url: string, options: Partial<Parameters<Origin['ask']>[1]> = {}): Promise<string> {
  const { body } = await origin.ask(url, { ...MAX, ...options });
  return Buffer.concat(await Array.fromAsync(body)).toString();
}

/** The code of the refusal; anything else is told as it is. */
export function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => 'answered', (error) => (error instanceof StreamError ? error.code : String(error)));
}
