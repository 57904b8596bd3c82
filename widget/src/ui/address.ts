/** Every message has an address in its room's page: `#m12`. */
export function addressOf(n: number): string {
  return `#m${n}`;
}

export function readAddress(hash: string): { n: number; y: null } | null {
  const n = Number(hash.match(/^#m(\d{1,15})$/)?.[1]);
  return n > 0 ? { n, y: null } : null;
}
