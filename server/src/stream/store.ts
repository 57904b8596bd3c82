import { StreamError } from './refusal.ts';

/** Bytes that arrive once and are given to all who ask, from the first of them on. */
export type Piece = {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** All of it, once it is there. */
  readonly whole: Buffer | null;
  /** From the beginning, as it arrives; rejects when its source does. */
  read(): AsyncIterable<Uint8Array>;
  all(): Promise<Buffer>;
  /** When it is whole or failed, or has taken so long that who waits had better be given what there is. */
  settled: Promise<void>;
};
export type Source = { status: number; headers: Record<string, string>; body: AsyncIterable<Uint8Array> };

export type Store = {
  /** The piece of that name; the first to ask has it fetched. What failed is not asked for again at once. */
  get(name: string, lifeMs: number, fetch: () => Promise<Source>): Promise<Piece>;
  /** The piece if it is here, without fetching. */
  peek(name: string): Promise<Piece> | null;
  readonly bytes: number;
};

type Entry = { piece: Promise<Piece>; bytes: number; done: boolean; until: number };

/** What failed is not asked for again for this long, whatever the number of those who ask. */
const FAILED_MS = 1_000;
/** It will not have become smaller. */
const TOO_LARGE_MS = 60_000;
const SOON_MS = 100;
const ENTRIES_MAX = 50_000;

/** Holds at most `maxBytes`, and lets go of what was not asked for the longest; what still arrives is not let go, and fills at most half. */
export function createStore(maxBytes: number, now: () => number): Store {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  let arriving = 0;

  function drop(name: string, entry: Entry): void {
    if (entries.get(name) !== entry) return;
    entries.delete(name);
    bytes -= entry.bytes;
  }

  function fit(): void {
    for (const [name, entry] of entries) {
      if (bytes <= maxBytes && entries.size <= ENTRIES_MAX) return;
      if (entry.done) drop(name, entry);
    }
  }

  function find(name: string): Entry | null {
    const entry = entries.get(name);
    if (!entry) return null;
    entries.delete(name);
    if (entry.until <= now()) {
      bytes -= entry.bytes;
      return null;
    }
    entries.set(name, entry);
    return entry;
  }

  return {
    peek: (name) => find(name)?.piece ?? null,
    get(name, lifeMs, fetch) {
      const known = find(name);
      if (known) return known.piece;
      if (arriving > maxBytes / 2) return Promise.reject(new StreamError('too_large'));
      const entry: Entry = { piece: fetch().then((source) => gather(source, grow, end)), bytes: 0, done: false, until: Number.POSITIVE_INFINITY };
      function grow(more: number): void {
        entry.bytes += more;
        arriving += more;
        if (entries.get(name) === entry) bytes += more;
        fit();
      }
      function end(error?: unknown): void {
        entry.done = true;
        arriving -= entry.bytes;
        entry.until = now() + (error === undefined ? lifeMs : error instanceof StreamError && error.code === 'too_large' ? TOO_LARGE_MS : FAILED_MS);
        fit();
      }
      entries.set(name, entry);
      entry.piece.catch(end);
      return entry.piece;
    },
    get bytes() { return bytes; },
  };
}

function gather({ status, headers, body }: Source, grow: (bytes: number) => void, end: (error?: unknown) => void): Piece {
  const chunks: Uint8Array[] = [];
  let whole: Buffer | null = null;
  let fault: { error: unknown } | null = null;
  let more = Promise.withResolvers<void>();
  const tell = (): void => {
    more.resolve();
    more = Promise.withResolvers();
  };
  const arriving = (async () => {
    try {
      for await (const chunk of body) {
        chunks.push(chunk);
        grow(chunk.byteLength);
        tell();
      }
      whole = chunks.length === 1 ? Buffer.from((chunks[0] as Uint8Array).buffer, chunks[0]?.byteOffset, chunks[0]?.byteLength) : Buffer.concat(chunks);
      chunks.length = 0;
      end();
    } catch (error) {
      fault = { error };
      end(error);
    }
    tell();
  })();

  const settled = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, SOON_MS);
    void arriving.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });

  return {
    status, headers, settled,
    get whole() { return whole; },
    async all() {
      await arriving;
      if (fault) throw fault.error;
      return whole as unknown as Buffer;
    },
    async *read() {
      let given = 0;
      for (let i = 0; ; ) {
        if (whole) {
          if (given < whole.length) yield whole.subarray(given);
          return;
        }
        const chunk = chunks[i];
        if (chunk) {
          i += 1;
          given += chunk.byteLength;
          yield chunk;
        } else if (fault) throw fault.error;
        else await more.promise;
      }
    },
  };
}
