import type { CloseCode } from '@aside/server/protocol';
import type { Scene } from './scene.ts';
import type { Words } from './words/words.ts';

/** One quiet line above the composer, when there is something to tell. */
export function Notice({ scene }: { scene: Scene }) {
  const { view, reader } = scene;
  const words = scene.words();
  const link = view.link.value;
  if (link.at === 'closed') {
    return (
      <p class="notice" role="alert">
        {tellEnd(link.code, words)}
        {link.code !== OUTDATED && <button type="button" onClick={() => scene.store?.happen({ t: 'start' })}>{words.comeBack}</button>}
      </p>
    );
  }
  if (view.polling.value) {
    return (
      <p class="notice" role="status">
        {words.polling}
        {parent !== window && <> <a href={location.href} target="_blank" rel="noopener">{words.ownWindow}</a></>}
      </p>
    );
  }
  return reader.fleeting.value ? <p class="notice" role="status">{words.fleeting}</p> : null;
}

const OUTDATED = 4501 satisfies CloseCode;
const BANNED = 4504 satisfies CloseCode;

function tellEnd(code: number, words: Words): string {
  return code === OUTDATED ? words.outdated : code === BANNED ? words.banned : words.ended;
}
