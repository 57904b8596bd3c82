import type { LiveRow, RefusalCode, Role } from '@aside/server/protocol';
import type { Cell, Cells } from './cells.ts';
import { type Me, readMe } from './me.ts';
import type { Shelf } from './shelf.ts';

/** Who reads, as this browser remembers them. */
export type Reader = {
  me: Cell<Me>;
  /** The public id: which rows are this reader's own. Remembered, so that the first paint knows. */
  author: Cell<string | null>;
  /** Why the server wants another name. */
  fault: Cell<RefusalCode | null>;
  /** The browser keeps nothing: the name ends with the page. */
  fleeting: Cell<boolean>;
  /** What this reader may do here, as the server says. */
  role: Cell<Role>;
  /** What of others this reader does not want to see. */
  hides: Cell<((row: LiveRow) => boolean) | null>;
};

export function openReader(cell: Cells, shelf: Shelf, site: string): Reader {
  return { me: cell(readMe(shelf)), author: cell(shelf.read(authorKey(site))), fault: cell<RefusalCode | null>(null), fleeting: cell(false), role: cell<Role>('reader'), hides: cell<Reader['hides']['value']>(null) };
}

export const HIDDEN_KEY = 'aside:hidden';

export function authorKey(site: string): string {
  return `aside:author:${site}`;
}
