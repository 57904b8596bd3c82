import { report } from '../../bench/report.ts';
import { benchUnits, UNITS, unitsTable } from '../../bench/units.ts';
import type { Asked, Result } from '../proofs.ts';

const MESSAGE_BYTES = 1_024;
const ROOM_BYTES = 256 * 1_024;

export async function prove({ share, say }: Asked): Promise<Result> {
  const part = Math.max(0.1, Math.min(1, share));
  const figures = await benchUnits({ ...UNITS, rooms: Math.round(UNITS.rooms * part), whispers: Math.round(UNITS.whispers * part) }, say);
  if (share === 1) report('units', unitsTable(figures));
  const { rooms, perRoom, tableBytes, indexBytes, roomBytes } = figures;
  const messageBytes = tableBytes + indexBytes;
  return {
    ok: messageBytes <= MESSAGE_BYTES && roomBytes <= ROOM_BYTES,
    count: rooms * perRoom,
    figure: `a message takes ${messageBytes.toFixed(0)} bytes of disk (≤ ${MESSAGE_BYTES}), an open room with ${perRoom} of them ${(roomBytes / 1_024).toFixed(0)} KiB in each process (≤ ${ROOM_BYTES / 1_024})`,
  };
}
