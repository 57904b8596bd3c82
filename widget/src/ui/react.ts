import type { Scene } from './scene.ts';

/** On, or off again. */
export function react(scene: Scene, n: number, emoji: string): void {
  const own = scene.message(n)?.reactions.some((one) => one.own && one.emoji === emoji);
  scene.store.act({ t: 'react', n, emoji, on: !own });
}
