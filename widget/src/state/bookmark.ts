import { asRecord, readRecord, type Shelf } from './shelf.ts';

/** Where a reader stood in a room, by the number of the line and its distance from the top of the view; null at the end. */
export type Spot = { n: number; y: number } | null;
export type Bookmark = {
  /** The newest number this browser has shown its reader, in whatever visit. */
  readSeen(): number | null;
  keepSeen(n: number): void;
  /** Where this tab stood under the same address; undefined when it has not been here. */
  readSpot(hash: string): Spot | undefined;
  keepSpot(hash: string, spot: Spot): void;
};

/** What was read outlives the visit; the place in it only a reload, or next week would begin in the middle of this one. */
export function openBookmark(shelf: Shelf, tab: Shelf, site: string, room: string): Bookmark {
  const place = JSON.stringify([site, room]);
  const [seenKey, spotKey] = [`aside:seen:${place}`, `aside:spot:${place}`];
  const readSeen = () => {
    const seen = Number(shelf.read(seenKey) ?? undefined);
    return isNumber(seen) ? seen : null;
  };
  return {
    readSeen,
    // Of two tabs, the one that is left later may have seen less.
    keepSeen(n) {
      if (n > (readSeen() ?? -1)) shelf.write(seenKey, String(n));
    },
    readSpot(hash) {
      const kept = readRecord(tab.read(spotKey));
      if (kept.hash !== hash) return undefined;
      const { n, y } = asRecord(kept.spot);
      return isNumber(n) && isNumber(y) ? { n, y } : null;
    },
    keepSpot: (hash, spot) => void tab.write(spotKey, JSON.stringify({ hash, spot })),
  };
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
