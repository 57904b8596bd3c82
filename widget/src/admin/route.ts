export const tabs = ['rooms', 'bans', 'words', 'audit', 'hooks', 'people', 'pair', 'embed', 'errors', 'server'] as const;
export type Tab = (typeof tabs)[number];
export type Route = { tab: Exclude<Tab, 'embed'> } | { tab: 'room' | 'embed'; room: string; site: string };

/** What stands after #: a tab, or a room. What is neither is the first tab. */
export function readRoute(hash: string): Route {
  const said = new URLSearchParams(hash.slice(1));
  const room = said.get('room');
  if (room) return { tab: 'room', room, site: said.get('site') ?? '' };
  const tab = tabs.find((one) => said.has(one)) ?? 'rooms';
  return tab === 'embed' ? { tab, room: said.get(tab) ?? '', site: said.get('site') ?? '' } : { tab };
}

export function roomRoute(room: string, site: string): string {
  return `#${new URLSearchParams({ room, ...(site && { site }) })}`;
}

/** How the room is put under a post. */
export function embedRoute(room: string, site: string): string {
  return `#${new URLSearchParams({ embed: room, ...(site && { site }) })}`;
}

/** The chat itself. */
export function chatOf(room: string, site: string): string {
  return `/room/${encodeURIComponent(room)}${site ? `?${new URLSearchParams({ site })}` : ''}`;
}
