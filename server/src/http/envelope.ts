import { randomBytes } from 'node:crypto';
import type { Fault } from '../log/errors.ts';

/** Where errors are handed on to. `address`: the DSN itself, without a secret. */
export type Dsn = { address: string; url: string; key: string };

const WITHIN_MS = 5_000;
/** More than these at a time are not handed on; the owner's page has them all the same. */
const AT_ONCE = 10;

/** Hands an error on in the form of Sentry's envelopes. What fails is told to nobody: an error about errors would never end. */
export function createForward(dsn: Dsn | null, version: string, ask: typeof fetch): (fault: Fault) => Promise<void> {
  let underway = 0;
  return async (fault) => {
    if (!dsn || underway >= AT_ONCE) return;
    underway += 1;
    await ask(dsn.url, {
      method: 'POST', body: write(fault, dsn, new Date()), redirect: 'error', signal: AbortSignal.timeout(WITHIN_MS),
      headers: { 'content-type': 'application/x-sentry-envelope', 'x-sentry-auth': `Sentry sentry_version=7, sentry_key=${dsn.key}, sentry_client=aside/${version}` },
    }).then((answer) => answer.body?.cancel()).catch(() => 'the next one may arrive').finally(() => { underway -= 1; });
  };
}

/** A line each: of the envelope, of the one thing in it, and that itself. */
function write({ source, code, version, at }: Fault, { address }: Dsn, now: Date): string {
  const id = randomBytes(16).toString('hex');
  const [, filename, line, column] = /^(.+?)(?::(\d+))?(?::(\d+))?$/.exec(at) ?? [];
  const frame = { filename, in_app: true, ...(line && { lineno: Number(line) }), ...(column && { colno: Number(column) }) };
  const event = {
    event_id: id, timestamp: now.getTime() / 1_000, platform: source === 'server' ? 'node' : 'javascript', level: 'error', release: version, tags: { source, code },
    exception: { values: [{ type: code, value: code, ...(filename && { stacktrace: { frames: [frame] } }) }] }, fingerprint: [source, code, at],
  };
  return [{ event_id: id, sent_at: now.toISOString(), dsn: address }, { type: 'event' }, event].map((one) => JSON.stringify(one)).join('\n');
}
