import type { Holder } from './api.ts';
import { words } from './words.ts';

/** Where somebody may moderate, in words. */
export function reach({ site, room }: Pick<Holder, 'site' | 'room'>, lang: 'ko' | 'en'): string {
  const say = words[lang];
  return room !== null ? say.ofRoom(room) : site !== null ? say.ofSite(site) : say.everywhere;
}
