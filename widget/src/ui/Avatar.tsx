import { hueOf } from './hue.ts';

const animals = new URL('./animals.svg', import.meta.url).href;

/** An animal on a tile in its author's colour. */
export function Avatar({ name, seed }: { name: string; seed: string }) {
  return <img class="avatar" src={`${animals}#${name}`} alt="" style={{ '--hue': hueOf(seed) }} />;
}
