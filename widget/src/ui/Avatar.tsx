import { hueOf } from './hue.ts';

const animals = new URL('./animals.svg', import.meta.url).href;

/** An animal on a tile in its author's colour; who has no public id yet has no colour either. */
export function Avatar({ name, seed }: { name: string; seed: string | null }) {
  return <img class="avatar" src={`${animals}#${name}`} alt="" style={seed === null ? {} : { '--hue': hueOf(seed) }} />;
}
