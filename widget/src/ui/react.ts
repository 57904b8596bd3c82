import type { Scene } from './scene.ts';

/** On, or off again. A stranger is shown where a name is picked. */
export function react(scene: Scene, n: number, emoji: string): void {
  if (scene.reader.me.value.nick === null) {
    scene.focus.value += 1;
    return;
  }
  const own = scene.message(n)?.reactions.some((one) => one.own && one.emoji === emoji);
  scene.store?.act({ t: 'react', n, emoji, on: !own });
}
