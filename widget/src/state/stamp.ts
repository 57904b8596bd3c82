import type { Stamp } from '@aside/server/protocol';
import path from './miner.ts?worker&url';

/** What a room under a raid asks of strangers: work that nobody feels who says one thing, done beside the page. Null where the browser has no room for it. */
export function solve({ salt, bits }: Stamp): Promise<string | null> {
  return new Promise((resolve) => {
    let miner: Worker;
    try {
      miner = new Worker(admit(path));
    } catch {
      // A sandbox may forbid it.
      return resolve(null);
    }
    const end = (answer: string | null): void => {
      miner.terminate();
      resolve(answer);
    };
    miner.onmessage = ({ data }: MessageEvent<number>) => end(`${salt}.${data}`);
    miner.onerror = () => end(null);
    miner.postMessage({ salt, bits });
  });
}

/** The page's Trusted Types let through a file of ours that is named for what it is, and nothing else. */
function admit(url: string): string {
  const { trustedTypes } = window as { trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } } };
  return (policy ??= trustedTypes?.createPolicy('aside-miner', { createScriptURL: () => path }) ?? { createScriptURL: () => path }).createScriptURL(url);
}
let policy: { createScriptURL(url: string): string } | undefined;
