import animals from './animals.svg';
import { hueOf } from './hue.ts';

/** An animal on a tile in its author's colour. */
export function Avatar({ name, seed }: { name: string; seed: string }) {
  return <img class="avatar" src={`${animals}#${name}`} alt="" style={{ '--hue': hueOf(seed) }} />;
}
