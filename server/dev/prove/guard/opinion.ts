import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { StreamRefusal } from '../../../src/stream/guard.ts';
import { differences } from './differences.ts';

/** Python's judgement of URLs that WHATWG URL has read. */
export type Opinion = { python: string; judge(urls: readonly URL[]): Promise<Said[]>; close(): Promise<void> };
/** What Python would say in our place, and the listed difference that the address falls under. */
export type Said = { code: StreamRefusal | null; listed: string };

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443, 'ftp:': 21, 'ws:': 80, 'wss:': 443 };

/** One process for all; batches are answered in their order. */
export async function openOpinion(): Promise<Opinion> {
  const child = spawn('python3', [path.join(import.meta.dirname, 'opinion.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const failed = new Promise<never>((_, fail) => child.once('error', fail).once('close', (code) => fail(new Error(`python3 ended with ${code}`))));
  failed.catch(() => 'told to whoever waits');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<unknown> => JSON.parse((await Promise.race([lines.next(), failed])).value ?? 'null');
  child.stdin.on('error', () => 'its end is told');
  const write = (value: unknown): void => void child.stdin.write(`${JSON.stringify(value)}\n`);
  write(Object.fromEntries(Object.entries(differences).map(([name, { ranges }]) => [name, ranges])));
  return {
    python: String(await line()),
    async judge(urls) {
      write(urls.map((url) => [url.protocol, url.username !== '' || url.password !== '', url.hostname, url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port), url.href.length]));
      return ((await line()) as [StreamRefusal | '', string][]).map(([code, listed]) => ({ code: code === '' ? null : code, listed }));
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
