import { type Avatar, avatars } from '@aside/server/protocol';
import type { Naming } from './words/naming.ts';

export type Proposal = { nick: string; avatar: Avatar };

/** An animal that is not the last one, and a name that fits it. */
export function proposeName(words: Naming, random: () => number, last?: Avatar): Proposal {
  const avatar = draw(avatars.filter((one) => one !== last), random);
  return { avatar, nick: `${draw(words.moods, random)} ${words.animals[avatar]}` };
}

function draw<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}
