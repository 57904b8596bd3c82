import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../support/until.ts';

export type Heard = { socket: number; t: string; [member: string]: unknown };
export type Stage = {
  port: number;
  heard: Heard[];
  /** The next frame of this kind that was not asked for yet. */
  hear(kind: string): Promise<Heard>;
  tell(frame: object): void;
  close(code?: number): void;
};

/** A server that only listens; the test speaks for it. */
export async function openStage(t: Test): Promise<Stage> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  t.teardown(() => new Promise((resolve) => {
    for (const ws of server.clients) ws.terminate();
    server.close(resolve);
  }));
  const heard: Heard[] = [];
  const read = new Set<Heard>();
  let sockets = 0;
  let current: WebSocket | null = null;
  server.on('connection', (ws) => {
    const socket = (sockets += 1);
    current = ws;
    ws.on('error', () => ws.terminate());
    ws.on('message', (data) => heard.push({ socket, ...JSON.parse(String(data)) }));
  });
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    async hear(kind) {
      let found: Heard | undefined;
      await until(() => (found = heard.find((frame) => frame.t === kind && !read.has(frame))) !== undefined, 4_000);
      if (!found) throw new Error(`no ${kind} came; there were ${heard.map((frame) => frame.t).join(' ')}`);
      read.add(found);
      return found;
    },
    tell: (frame) => current?.send(JSON.stringify(frame)),
    close: (code) => (code === undefined ? current?.terminate() : current?.close(code)),
  };
}
