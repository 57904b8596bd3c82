import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createStreamApp } from '../../src/app/stream.ts';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Shed } from '../../src/room/shed.ts';

export type TestServer = { http: string; ws: string; shed: Shed; setUp(): Promise<string | null>; /** Where its inner port is. */ inner(): Promise<string>; /** What `/metrics` says. */ scrape(): Promise<string>; close(): Promise<void> };

/** Caps so high that only the test that lowers one meets it. */
export const LIFTED = {
  ROOM_MESSAGES_PER_S: '100000', ROOM_BYTES_PER_S: '100000000', SENDER_MESSAGES_PER_S: '100000', REQUESTS_PER_MINUTE: '10000000', FRAMES_PER_MINUTE: '10000000', REPEAT_SECONDS: '0', SHIELD: 'off', WORDS: 'none', CONNECTIONS_PER_ADDRESS: '20000',
};

/** The real server in this process, on a free port. */
export async function openServer(databaseUrl: string, env: Record<string, string> = {}): Promise<TestServer> {
  const config = readConfig({
    DATABASE_URL: databaseUrl, IDENTITY_SECRET: 'a secret for tests that has enough letters', LOG_LEVEL: 'silent', DRAIN_SECONDS: '0', ...LIFTED, ...env,
  });
  const { http, inner, shed, setUp } = await (config.ROLES.includes('chat') ? createApp(config) : createStreamApp(config));
  await http.listen({ port: 0, host: '127.0.0.1' });
  const { port } = http.server.address() as AddressInfo;
  async function reach(): Promise<string> {
    if (!inner.listening) await once(inner.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(inner.address() as AddressInfo).port}`;
  }
  return {
    http: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}/ws`, shed, setUp, close: () => http.close(),
    inner: reach, scrape: async () => (await fetch(`${await reach()}/metrics`)).text(),
  };
}
