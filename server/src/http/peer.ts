import type { Errors, Fault } from '../log/errors.ts';

/** What a server without a database asks and tells one that has it (ADR 23). */
export type Peer = {
  /** Where a stream that is attached comes from, or null. */
  streamOf(id: string): Promise<string | null>;
  errors: Pick<Errors, 'note' | 'flush'>;
};

const WITHIN_MS = 4_000;
/** More than these at a time are not told. */
const AT_ONCE = 10;

/** `chat`: the inner port of a server that chats. `token`: what it knows us by, made anew for each question. */
export function createPeer(chat: string, token: () => string): Peer {
  const underway = new Set<Promise<unknown>>();
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${chat}${path}`, { ...init, headers: { authorization: `Bearer ${token()}` }, redirect: 'error', signal: AbortSignal.timeout(WITHIN_MS) });

  function note({ code, version, at }: Fault): void {
    if (underway.size >= AT_ONCE) return;
    const telling = ask('/errors', { method: 'POST', body: JSON.stringify({ code, version, ...(at && { at }) }) }).then((answer) => answer.body?.cancel(), () => 'an error about errors would never end').finally(() => underway.delete(telling));
    underway.add(telling);
  }

  return {
    async streamOf(id) {
      const answer = await ask(`/streams/${id}`);
      if (answer.status !== 200 && answer.status !== 404) throw new Error(`The chat answers ${answer.status}.`);
      return ((await answer.json()) as { url?: string }).url ?? null;
    },
    errors: { note, flush: async () => void (await Promise.all(underway)) },
  };
}
