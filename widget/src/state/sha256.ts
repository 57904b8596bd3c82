/** The first 32 bits of SHA-256 of a short ASCII text (FIPS 180-4). The browser's own hashes one text a turn of its event loop: a hundred times slower for many short ones. */
export function sha256Head(text: string): number {
  const blocks = (text.length + 9 + 63) >> 6;
  words.fill(0, 0, blocks * 16);
  for (let i = 0; i < text.length; i += 1) words[i >> 2] = (words[i >> 2] as number) | (text.charCodeAt(i) << (24 - (i & 3) * 8));
  words[text.length >> 2] = (words[text.length >> 2] as number) | (0x80 << (24 - (text.length & 3) * 8));
  words[blocks * 16 - 1] = text.length * 8;
  let [a0, b0, c0, d0, e0, f0, g0, h0] = start as [number, number, number, number, number, number, number, number];
  for (let block = 0; block < blocks; block += 1) {
    for (let i = 0; i < 16; i += 1) w[i] = words[block * 16 + i] as number;
    for (let i = 16; i < 64; i += 1) {
      const [x, y] = [w[i - 15] as number, w[i - 2] as number];
      w[i] = ((w[i - 16] as number) + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (w[i - 7] as number) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10))) | 0;
    }
    let [a, b, c, d, e, f, g, h] = [a0, b0, c0, d0, e0, f0, g0, h0];
    for (let i = 0; i < 64; i += 1) {
      const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (k[i] as number) + (w[i] as number)) | 0;
      const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    a0 = (a0 + a) | 0; b0 = (b0 + b) | 0; c0 = (c0 + c) | 0; d0 = (d0 + d) | 0; e0 = (e0 + e) | 0; f0 = (f0 + f) | 0; g0 = (g0 + g) | 0; h0 = (h0 + h) | 0;
  }
  return a0 >>> 0;
}

const turn = (x: number, by: number): number => (x >>> by) | (x << (32 - by));
/** Longer than any salt and number. */
const words = new Int32Array(16 * 4);
const w = new Int32Array(64);
const primes = firstPrimes(64);
/** The first 32 bits of what is behind the point of square and cube roots of the first primes. */
const start = primes.slice(0, 8).map((prime) => fraction(prime ** (1 / 2)));
const k = Int32Array.from(primes, (prime) => fraction(prime ** (1 / 3)));

function fraction(root: number): number {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}
