import animals from './animals.svg';
import { hueOf } from './hue.ts';

/** An animal on a tile in its author's colour. */
export function Avatar({ name, seed }: { name: string; seed: string }) {
  return (
    <span class="avatar" style={{ '--hue': hueOf(seed) }} aria-hidden="true">
      <svg viewBox="0 0 32 32"><use href={`${animals}#${name}`} /></svg>
    </span>
  );
}
