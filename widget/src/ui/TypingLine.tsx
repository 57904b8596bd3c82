import type { Scene } from './scene.ts';

/** Who writes now. It takes its room even when nobody does, so that nothing jumps. */
export function TypingLine({ scene }: { scene: Scene }) {
  const { typing } = scene.view;
  const me = scene.reader.author.value;
  const others = typing.value.authors.filter((author) => author !== me);
  const nicks = others.flatMap((author) => scene.nickOf(author) ?? []);
  const more = others.length - nicks.length + typing.value.more;
  return <p class="typing">{others.length > 0 && scene.words().typing(nicks, nicks.length > 0 ? more : 0)}</p>;
}
