import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A blog of another site than the chat. */
export type Host = { url: string; close(): Promise<void> };
export type HostPage = { /** Before the body. */ head?: string; html?: string; body: string };

/** Every page forbids what the chat's documentation does not ask for, and writes down what was tried all the same. */
const policyFor = (chat: string): string => `default-src 'none'; script-src ${chat}; frame-src ${chat}; connect-src ${chat}; style-src 'unsafe-inline'; img-src ${chat} data:`;

export async function openHost(chat: string, pages: { [path: string]: HostPage }): Promise<Host> {
  const server = createServer((asked, response) => {
    const page = pages[decodeURI(new URL(asked.url ?? '/', 'http://blog').pathname)];
    if (!page) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policyFor(chat) });
    response.end(`<!doctype html><html lang="ko" ${page.html ?? ''}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>어느 글</title><link rel="icon" href="data:,">${page.head ?? ''}</head>${page.body}</html>`.replaceAll('{{chat}}', chat));
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((settle) => {
      server.close(() => settle());
      server.closeAllConnections();
    }),
  };
}
