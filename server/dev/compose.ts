import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** What we ask of a compose file; its schema says the rest. */
export type Service = {
  environment?: Record<string, string>;
  env_file?: string;
  entrypoint?: string[];
  command?: string[];
  healthcheck?: { test?: string[] };
  stop_grace_period?: string;
  ports?: string[];
  tmpfs?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
};
export type Compose = { services: Record<string, Service> };

/** A compose file as Compose reads it: anchors merged, variables of `.env` put in. Rejects with every one that is missing. */
export async function readCompose(file: string, env: Record<string, string>): Promise<Compose> {
  const missing = new Set<string>();
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return interpolate(value, env, missing);
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one)]));
    return value;
  };
  const compose = fill(parse(await readFile(file, 'utf8'), { merge: true })) as Compose;
  if (missing.size > 0) throw new Error([...missing].join(', '));
  return compose;
}

/** `${NAME:?message}` must be set and not empty; `$$` is a dollar. */
function interpolate(text: string, env: Record<string, string>, missing: Set<string>): string {
  return text.replace(/\$(?:\$|\{(\w+):\?([^}]*)\})/g, (all, name: string | undefined, message: string) => {
    if (name === undefined) return '$';
    if (!env[name]) missing.add(`${name} ${message}`);
    return env[name] ?? all;
  });
}

/** Seconds of a duration such as `20s` or `1m30s`. */
export function secondsOf(duration = '10s'): number {
  return [...duration.matchAll(/(\d+)(h|m|s)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * ({ h: 3_600, m: 60, s: 1 }[unit ?? 's'] ?? 1), 0);
}
