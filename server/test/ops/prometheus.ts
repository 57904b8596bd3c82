import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../dev/places.ts';
import { findPort } from '../../dev/ports.ts';
import { until } from '../support/until.ts';

/** A real Prometheus with our own rules, whose waits are shorter. */
export type Prometheus = {
  /** The first number a query gives; null where it gives none. */
  read(query: string): Promise<number | null>;
  /** The alerts that fire at this moment. */
  firing(): Promise<string[]>;
  close(): Promise<void>;
};

export const MONITORING = path.join(ROOT, 'k8s/monitoring');
const READY_WITHIN_MS = 20_000;
const MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Bounds that are themselves waits. */
const AGES = /(aside_(?:wal_archive|webhooks)_age_seconds\) > )(\d+)/g;

/** The rules as they are, in so many times less time. */
export function shorten(rules: string, times: number): string {
  const short = (_: string, before: string, count: string, unit: string, after: string): string => `${before}${Math.max(1, Math.round((Number(count) * (MS[unit] ?? 0)) / times))}ms${after}`;
  return rules
    .replace(/(\[)(\d+)([smhd])(\])/g, short)
    .replace(/(offset )(\d+)([smhd])()/g, short)
    .replace(/^( +for: )([1-9]\d*)([smhd])()$/gm, short)
    .replace(/^( +interval: ).*$/gm, '$11s')
    .replace(AGES, (_, name: string, seconds: string) => `${name}${Number(seconds) / times}`);
}

export async function openPrometheus(targets: string[], times: number): Promise<Prometheus> {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-prometheus-'));
  const port = await findPort();
  await writeFile(path.join(dir, 'rules.yaml'), shorten(await readFile(path.join(MONITORING, 'rules.yaml'), 'utf8'), times));
  await writeFile(path.join(dir, 'prometheus.yaml'), `global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [rules.yaml]
scrape_configs: [{ job_name: aside, static_configs: [{ targets: ${JSON.stringify(targets)} }] }]\n`);
  const child = spawn('prometheus', [`--config.file=${dir}/prometheus.yaml`, `--storage.tsdb.path=${dir}/data`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(child, 'exit');
  const ask = async (query: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> =>
    (await (await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`)).json()).data.result;
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  if (!(await until(() => fetch(`http://127.0.0.1:${port}/-/ready`).then(({ ok }) => ok, () => false), READY_WITHIN_MS))) {
    await close();
    throw new Error('Prometheus does not start');
  }
  return {
    async read(query) {
      const [first] = await ask(query);
      return first ? Number(first.value[1]) : null;
    },
    firing: async () => (await ask('count by (alertname) (ALERTS{alertstate="firing"})')).map(({ metric }) => metric['alertname'] ?? '').sort(),
    close,
  };
}
