import type { Page, WebSocketRoute } from 'playwright-core';

/** The page's real socket, with hands on it: what a network does to a reader, on demand. */
export type Wire = {
  /** What the page says from now on gets lost; what the server says still comes. */
  hold(): void;
  /** Ends the socket with this code, and every later one at once. */
  cut(code: number): Promise<void>;
  /** What only a server in trouble would say. */
  tell(frame: object): void;
};

export async function openWire(page: Page): Promise<Wire> {
  const open = new Set<WebSocketRoute>();
  let held = false;
  let ended: number | null = null;
  await page.routeWebSocket('**/ws', (socket) => {
    if (ended !== null) return void socket.close({ code: ended, reason: '' });
    const server = socket.connectToServer();
    socket.onMessage((frame) => { if (!held) server.send(frame); });
    open.add(socket);
  });
  return {
    hold() { held = true; },
    async cut(code) {
      ended = code;
      for (const socket of open) await socket.close({ code, reason: '' });
    },
    tell(frame) {
      for (const socket of open) socket.send(JSON.stringify(frame));
    },
  };
}
