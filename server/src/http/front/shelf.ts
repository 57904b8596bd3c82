import { headOf, type Ready } from '../watch.ts';
import type { Libc } from './libc.ts';

/** An answer as it goes out: a head, and a body in a file in memory, or behind it where it is short. */
export type Served = { readonly head: Buffer; readonly file: number; /** Of the file. */ readonly length: number };
export type Shelf = {
  find(name: string): Served | null;
  put(name: string, ready: Ready, how: { zips: boolean; sandboxed: boolean }): Served;
  /** While it is being sent it stays, whatever else happens. */
  hold(served: Served): void;
  release(served: Served): void;
  close(): void;
};

type File = { fd: number; bytes: number; uses: number };
type Kept = { served: Served; file: File | null; until: number; /** When its head was written, in s. */ dated: number };

/** Less is copied faster than a file is made and found. */
const FILE_FROM_BYTES = 16_384;
const BEGINNING = 'HTTP/1.1 200 OK\r\nDate: ';
const DATE_AT = BEGINNING.length;
/** As all dates of HTTP have. */
const DATE_CHARS = 29;
const ENTRIES_MAX = 4_000;

/** Holds at most `bytes` in files, and at most some thousand answers; the longest unasked go first. */
export function createShelf(libc: Libc, bytes: number): Shelf {
  const kept = new Map<string, Kept>();
  const files = new WeakMap<Buffer, File>();
  const owners = new WeakMap<Served, File>();
  let held = 0;

  function open(body: Buffer): File | null {
    const known = files.get(body);
    if (known && known.uses > 0) return known;
    const fd = libc.makeFile(body);
    if (fd < 0) return null;
    const file = { fd, bytes: body.length, uses: 0 };
    files.set(body, file);
    held += file.bytes;
    return file;
  }

  function use(file: File | null): void {
    if (file) file.uses += 1;
  }

  function unuse(file: File | null): void {
    if (!file) return;
    file.uses -= 1;
    if (file.uses > 0) return;
    libc.close(file.fd);
    held -= file.bytes;
  }

  function date(one: Kept): void {
    const now = Math.floor(Date.now() / 1_000);
    if (now !== one.dated) one.served.head.write(new Date(now * 1_000).toUTCString(), DATE_AT, 'latin1');
    one.dated = now;
  }

  function drop(name: string): void {
    const one = kept.get(name);
    if (!one) return;
    kept.delete(name);
    unuse(one.file);
  }

  return {
    find(name) {
      const one = kept.get(name);
      if (!one) return null;
      if (one.until <= Date.now()) {
        drop(name);
        return null;
      }
      kept.delete(name);
      kept.set(name, one);
      date(one);
      return one.served;
    },
    put(name, ready, { zips, sandboxed }) {
      const zipped = zips ? ready.zipped : null;
      const body = zipped ?? ready.body;
      const file = body.length >= FILE_FROM_BYTES ? open(body) : null;
      use(file);
      const lines = headOf(ready, sandboxed, zipped !== null);
      const head = Buffer.from(`${BEGINNING}${' '.repeat(DATE_CHARS)}\r\n${Array.from({ length: lines.length / 2 }, (_, i) => `${lines[2 * i]}: ${lines[2 * i + 1]}\r\n`).join('')}\r\n`);
      const served = file ? { head, file: file.fd, length: body.length } : { head: Buffer.concat([head, body]), file: -1, length: 0 };
      if (file) owners.set(served, file);
      drop(name);
      const one = { served, file, until: ready.until, dated: 0 };
      date(one);
      kept.set(name, one);
      for (const oldest of kept.keys()) {
        if (oldest === name || (held <= bytes && kept.size <= ENTRIES_MAX)) break;
        drop(oldest);
      }
      return served;
    },
    hold: (served) => use(owners.get(served) ?? null),
    release: (served) => unuse(owners.get(served) ?? null),
    close() {
      for (const name of [...kept.keys()]) drop(name);
    },
  };
}
