import { dress } from './dress.ts';
import type { Scene } from './scene.ts';
import { wordsFor } from './sheets/words.ts';
import rules from './tools.css?inline';

dress(rules);

/** A message, and where its line ends. */
export type Pointed = { n: number; top: number; right: number };

/** Beside the message under the pointer. For mice alone: keys and fingers have the menu, and ears would hear it with every line. */
export function Tools({ scene, at: { n, top, right } }: { scene: Scene; at: Pointed }) {
  const words = wordsFor(scene);
  return (
    <p class="tools" aria-hidden="true" style={{ top: `${top}px`, right: `${right}px` }} data-n={n}>
      <button type="button" tabIndex={-1} data-do="emoji" title={words.react}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.5" /><path d="M8.5 14a4 4 0 0 0 7 0M9 9.5v.01M15 9.5v.01" /></svg>
      </button>
      <button type="button" tabIndex={-1} data-do="reply" title={words.reply}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 7 4.5 11.5 9 16M5 11.5h8.5a6 6 0 0 1 6 6" /></svg>
      </button>
      <button type="button" tabIndex={-1} data-do="message" title={words.menu}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 12v.01M12 12v.01M18 12v.01" /></svg>
      </button>
    </p>
  );
}
