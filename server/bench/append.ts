import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Ours, startOurs } from './ours.ts';
import { median, runWorker } from './process.ts';

/** Acknowledged messages a second through sockets, beside pgbench calling the same function with one message. */
export type AppendFigures = { hot: Pair; many: Pair; minute: number[] };
type Pair = { ours: number[]; pgbench: number[]; ratio: number };

const TEXT = '저도 회사에서 바로 써 볼게요! 벤치마크 부분 정말 잘 읽었어요.';
const SECONDS = 6;

export async function benchAppend(rounds: number, say: (line: string) => void): Promise<AppendFigures> {
  const ours = await startOurs();
  try {
    const minute = await keepsItsRate(ours, say);
    const hot = await compare('one room, 20 senders', ours, { senders: 20, rooms: 1 }, rounds, say);
    const many = await compare('100 rooms, one sender each', ours, { senders: 100, rooms: 100 }, rounds, say);
    return { hot, many, minute };
  } finally {
    await ours.close();
  }
}

/** A fresh database for a minute, a figure a second: a badly planned append would fall from second to second. */
async function keepsItsRate(ours: Ours, say: (line: string) => void): Promise<number[]> {
  const { perSecond } = await send(ours, { senders: 20, rooms: 1, seconds: 60, prefix: 'minute' });
  for (const [second, count] of perSecond.entries()) say(`second ${second + 1}: ${count}`);
  return perSecond;
}

async function compare(name: string, ours: Ours, shape: { senders: number; rooms: number }, rounds: number, say: (line: string) => void): Promise<Pair> {
  const pair: Pair = { ours: [], pgbench: [], ratio: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const { acks } = await send(ours, { ...shape, seconds: SECONDS, prefix: `round${round}` });
    pair.ours.push(acks / SECONDS);
    pair.pgbench.push(await pgbench(ours.databaseUrl, shape.rooms));
    say(`${name}, round ${round + 1}: ours ${pair.ours.at(-1)?.toFixed(0)}, pgbench ${pair.pgbench.at(-1)?.toFixed(0)} messages a second`);
  }
  pair.ratio = median(pair.ours) / median(pair.pgbench);
  return pair;
}

function send(ours: Ours, args: { senders: number; rooms: number; seconds: number; prefix: string }): Promise<{ acks: number; perSecond: number[] }> {
  return runWorker(path.join(import.meta.dirname, 'senders.ts'), { url: `ws://127.0.0.1:${ours.server.port}/ws`, text: TEXT, window: 40, ...args });
}

/** Debian keeps pgbench beside its server, off the PATH. */
export function findPgbench(): string | null {
  return ['/usr/bin/pgbench', '/usr/lib/postgresql/15/bin/pgbench', '/usr/lib/postgresql/17/bin/pgbench'].find((place) => existsSync(place)) ?? null;
}

async function pgbench(url: string, rooms: number): Promise<number> {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-pgbench-'));
  const script = path.join(dir, 'append.sql');
  const item = `{"i":0,"do":"say","author":"aaaaaaaaaaaaaaaa","cid":"pgbench-' || :a || '-' || :b || '","nick":"익명의 너구리","avatar":"raccoon","text":"${TEXT}"}`;
  await writeFile(script, `\\set p random(1, ${rooms})\n\\set a random(1, 1000000000)\n\\set b random(1, 1000000000)\nselect append(('[{"site":"","post":"pgbench-' || :p || '","items":[${item}]}]')::jsonb);\n`);
  const { stdout, stderr } = spawnSync(findPgbench() ?? 'pgbench', ['-n', '-M', 'prepared', '-c', '8', '-j', '2', '-T', String(SECONDS), '-f', script, url], { encoding: 'utf8' });
  await rm(dir, { recursive: true });
  const found = stdout.match(/tps = ([\d.]+)/);
  if (!found) throw new Error(`pgbench gave no figure: ${stdout}${stderr}`);
  return Number(found[1]);
}

export function appendTable({ hot, many, minute }: AppendFigures): string {
  const cell = (values: number[]): string => `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;
  const row = (name: string, { ours, pgbench, ratio }: Pair): string => `| ${name} | ${cell(ours)} | ${cell(pgbench)} | ${ratio.toFixed(1)}× |`;
  return `## Append

Acknowledged messages a second through sockets, each sender keeping 40 unacknowledged, beside \`pgbench -c 8 -M prepared\` calling the same function with one message, on the same fresh database in alternation. Medians (and range) of ${hot.ours.length} rounds of ${SECONDS} s.

| | ours | pgbench | ratio |
|---|---|---|---|
${row('one room, 20 senders', hot)}
${row('100 rooms, one sender each', many)}

The fresh database, second by second for its first minute: ${minute.join(' ')}.
`;
}
