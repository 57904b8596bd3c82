import { hueOf } from '@aside/server/protocol';

/**
 * An animal on a tile in its author's colour; who has no public id yet has no colour either.
 * It is a background by its class: an image of its own would be asked for, and loaded, once more for every line.
 */
export function Avatar({ name, seed }: { name: string; seed: string | null }) {
  return <i class={`avatar ${name}`} style={seed === null ? {} : { '--hue': hueOf(seed) }} />;
}
