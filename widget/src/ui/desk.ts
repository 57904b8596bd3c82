import type { LiveRow } from '@aside/server/protocol';
import type { Scene } from './scene.ts';

/** What waits for a moderator, as the server tells who brings their key. Asked for once something is said to have changed. */
export type Desk = {
  waiting: readonly { who: string; cid: string; nick: string; avatar: string; text: string; at: number }[];
  reported: readonly { row: LiveRow; count: number; reasons: Record<string, number> }[];
};

let desk: Desk | null = null;
let asking = false;
let rang = false;
const listeners = new Set<() => void>();

export const readDesk = (): Desk | null => desk;

/** Tells at each change, until the returned hand is called. */
export function watchDesk(scene: Scene, tell: () => void): () => void {
  const first = listeners.size === 0;
  listeners.add(tell);
  if (first && scene.store) scene.store.gavel.watch(() => void ask(scene));
  if (first || !desk) void ask(scene);
  return () => { listeners.delete(tell); };
}

async function ask({ page, store }: Scene): Promise<void> {
  rang = asking;
  if (asking) return;
  asking = true;
  const url = `/api/v1/rooms/${encodeURIComponent(page.room)}/desk?${new URLSearchParams({ site: page.site })}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${store?.speaker.keyring.read() ?? ''}` }, credentials: 'omit' }).catch(() => null);
  asking = false;
  // Something changed while it was being read.
  if (rang) void ask({ page, store } as Scene);
  if (!answer?.ok) return;
  desk = (await answer.json()) as Desk;
  for (const tell of listeners) tell();
}
