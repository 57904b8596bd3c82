import { loadFfi } from './ffi.ts';

/**
 * Writes bytes into a socket by write(2), without a stream in between; says how many the kernel took, below 0 when none.
 * The descriptor must be open and nothing else may be waiting to be written into it.
 */
export type Direct = (fd: number, bytes: Uint8Array) => number;

/** Null where there is no such way; then streams do it. */
export async function openDirect(): Promise<Direct | null> {
  try {
    const { dlopen, getRawPointer } = await loadFfi();
    // By address: a buffer as an argument costs more than the call. Of four arguments Node makes a slower call than of three.
    const { functions: { write } } = dlopen(null, { write: { return: 'int32', arguments: ['int32', 'pointer', 'uint64'] } });
    // What it returns fits: no frame has two gigabytes.
    /** What a room tells everybody is the same object each time. Held, so that its address stays its own. */
    let last: Uint8Array | null = null;
    let address = 0n;
    let length = 0n;
    return (fd, bytes) => {
      if (bytes !== last) {
        address = getRawPointer(bytes);
        length = BigInt(bytes.length);
        last = bytes;
      }
      return write(fd, address as never, length as never) as number;
    };
  } catch {
    return null;
  }
}
