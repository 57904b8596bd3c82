export const tabs = ['rooms', 'bans', 'words', 'audit', 'hooks', 'people', 'pair', 'server'] as const;
export type Tab = (typeof tabs)[number];
export type Route = { tab: Tab } | { tab: 'room'; room: string; site: string };

/** What stands after #: a tab, or a room. What is neither is the first tab. */
export function readRoute(hash: string): Route {
  const said = new URLSearchParams(hash.slice(1));
  const room = said.get('room');
  if (room) return { tab: 'room', room, site: said.get('site') ?? '' };
  return { tab: tabs.find((one) => said.has(one)) ?? 'rooms' };
}

export function roomRoute(room: string, site: string): string {
  return `#${new URLSearchParams({ room, ...(site && { site }) })}`;
}

/** The chat itself. */
export function chatOf(room: string, site: string): string {
  return `/room/${encodeURIComponent(room)}${site ? `?${new URLSearchParams({ site })}` : ''}`;
}
