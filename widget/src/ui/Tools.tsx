import { dress } from './dress.ts';
import { Icon, REPLY } from './Icon.tsx';
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
      {scene.reader.me.value.nick && (
        <>
          <button type="button" tabIndex={-1} data-do="emoji" title={words.react}>
            <Icon d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17M8.5 14a4 4 0 0 0 7 0M9 9.5v.01M15 9.5v.01" />
          </button>
          <button type="button" tabIndex={-1} data-do="reply" title={words.reply}>
            <Icon d={REPLY} />
          </button>
        </>
      )}
      <button type="button" tabIndex={-1} data-do="message" title={words.menu}>
        <Icon d="M6 12v.01M12 12v.01M18 12v.01" />
      </button>
    </p>
  );
}
