/** A tile's colour, the same for an author everywhere: 24 steps, so that neighbours differ to the eye. */
export function hueOf(seed: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < seed.length; i += 1) hash = Math.imul(hash ^ seed.charCodeAt(i), 16_777_619);
  return ((hash >>> 8) % 24) * 15;
}
