import { createHmac } from 'node:crypto';
import type { Ruling, Saying } from '../room/saying.ts';

/** The operator's own judge of words, asked over HTTP before they are saved. */
export type Hook = (saying: Saying) => Promise<Ruling>;

const WITHIN_MS = 800;
/** Words that wait for it at a time; more are treated as if it did not answer. */
const AT_ONCE = 50;
const ANSWER_MAX_BYTES = 4_096;

/**
 * POSTs `{"room","site","author","text"}` with `aside-signature: t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">`, and reads
 * `{"verdict": "pass" | "hold" | "refuse"}`. What fails, or is late, is let pass or refused as `failsOpen` says.
 */
export function createHook(url: string, secret: string, failsOpen: boolean, ask: typeof fetch): Hook {
  let waiting = 0;
  const failed: Ruling = failsOpen ? { is: 'pass' } : { is: 'no', code: 'overloaded', retryAfter: 2_000 };
  return async ({ place, author, text }) => {
    if (waiting >= AT_ONCE) return failed;
    waiting += 1;
    try {
      const body = JSON.stringify({ room: place.post, site: place.site, author, text });
      const at = Math.floor(Date.now() / 1_000);
      const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
      const answer = await ask(url, {
        method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(WITHIN_MS), headers: { 'content-type': 'application/json', 'aside-signature': `t=${at},v1=${signature}` },
      });
      if (!answer.ok || Number(answer.headers.get('content-length') ?? 0) > ANSWER_MAX_BYTES) return failed;
      return rulingOf(((await answer.json()) as { verdict?: unknown } | null)?.verdict) ?? failed;
    } catch {
      return failed;
    } finally {
      waiting -= 1;
    }
  };
}

function rulingOf(verdict: unknown): Ruling | null {
  if (verdict === 'pass' || verdict === 'hold') return { is: verdict };
  return verdict === 'refuse' ? { is: 'no', code: 'unwanted' } : null;
}
