import type { Place } from '../protocol/index.ts';
import type { Tell } from './act.ts';
import type { Crowd } from './elsewhere.ts';
import type { Rooms } from './rooms.ts';
import type { Typing } from './typing.ts';

/** What servers tell each other and nobody misses. */
export type Whisper = ({ t: 'here' } & Crowd) | { t: 'typing'; author: string } | /** Who is there? */ { t: 'who' } | { t: 'desk' } | { t: 'network'; author: string; act: number } | /** They erased themselves. */ { t: 'forget'; author: string };

export function writeWhisper(whisper: Whisper): string {
  return JSON.stringify(whisper);
}

export function hearWhisper({ rooms, typing, ring, banNetwork, forget, now }: { rooms: Pick<Rooms, 'find'>; typing: Typing; now: () => number } & Tell, place: Place, node: string, text: string): void {
  const [room, whisper] = [rooms.find(place), readWhisper(text)];
  // Who spoke here may have left, and the room with them.
  if (whisper?.t === 'network') return void banNetwork(place, whisper.author, whisper.act);
  if (whisper?.t === 'forget') return forget(place, whisper.author);
  if (!room || !whisper) return;
  switch (whisper.t) {
    case 'here': return room.presence.hear(node, whisper, now());
    case 'typing': return void typing.overhear(room, whisper.author);
    case 'who': return room.presence.asked();
    case 'desk': return ring(place);
  }
}

/** What comes over a network may be anybody's, or another version's. */
function readWhisper(text: string): Whisper | null {
  try {
    const whisper = JSON.parse(text) as Partial<Record<string, unknown>>;
    const { t, author, act, authors, more, names } = whisper;
    if (t === 'network' && typeof author === 'string' && Number.isSafeInteger(act)) return whisper as Whisper;
    if (t === 'who' || t === 'desk' || ((t === 'typing' || t === 'forget') && typeof author === 'string')) return whisper as Whisper;
    if (t !== 'here' || !Number.isSafeInteger(more) || Number(more) < 0 || !Array.isArray(names) || !names.every(isNamed)) return null;
    return authors === null || (Array.isArray(authors) && authors.every((one) => typeof one === 'string')) ? (whisper as Whisper) : null;
  } catch {
    return null;
  }
}

function isNamed(one: unknown): boolean {
  const { author, nick, avatar } = (one ?? {}) as Record<string, unknown>;
  return typeof author === 'string' && typeof nick === 'string' && typeof avatar === 'string';
}
