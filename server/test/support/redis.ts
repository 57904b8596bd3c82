import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkPort, findPort } from '../../dev/ports.ts';
import { run } from '../../dev/run.ts';
import { until } from './until.ts';

/** A real redis-server on loopback, that keeps nothing; it comes back on its own port. */
export type TestRedis = {
  port: number;
  url: string;
  /** At once, without a word; also one that has ended. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** It stands, and its connections with it. */
  pause(): void;
  resume(): void;
  /** Redis's own command line. */
  say(...words: string[]): Promise<string>;
  close(): Promise<void>;
};

export async function openRedis(options: { cluster?: boolean; args?: string[] } = {}): Promise<TestRedis> {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-redis-'));
  const port = await findRedisPort(options.cluster ?? false);
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir, ...(options.cluster ? ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', '--cluster-require-full-coverage', 'no'] : []), ...(options.args ?? [])];
  let child: ChildProcess | null = null;
  let gone: Promise<unknown> = Promise.resolve();

  const redis: TestRedis = {
    port,
    url: `redis://127.0.0.1:${port}`,
    async start() {
      child = spawn('redis-server', args, { stdio: 'ignore' });
      gone = once(child, 'exit');
      const stands = await Promise.race([until(() => answers(port), 10_000), gone.then(() => false)]);
      if (!stands) throw new Error('redis-server did not start');
    },
    async kill() {
      child?.kill('SIGKILL');
      await gone;
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    say: async (...words) => (await run('redis-cli', ['-p', String(port), ...words])).output,
    async close() {
      await redis.kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
  await redis.start();
  return redis;
}

/** Three masters, each with so many replicas. */
export async function openRedisCluster({ replicas = 0 } = {}): Promise<{ url: string; nodes: TestRedis[]; close(): Promise<void> }> {
  const nodes = await Promise.all(Array.from({ length: 3 * (1 + replicas) }, () => openRedis({ cluster: true })));
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await run('redis-cli', ['--cluster', 'create', ...hosts, '--cluster-replicas', String(replicas), '--cluster-yes']);
  const isReady = async (one: TestRedis): Promise<boolean> => {
    const [info, all, role] = [await one.say('cluster', 'info'), await one.say('cluster', 'nodes'), await one.say('role')];
    return info.includes('cluster_state:ok') && all.split('slave ').length === 1 + 3 * replicas && /^master|\nconnected\n/.test(role);
  };
  const ready = await until(async () => (await Promise.all(nodes.map(isReady))).every(Boolean), 30_000);
  if (!ready) throw new Error('the cluster did not come together');
  return { url: `redis+cluster://${hosts.slice(0, 3).join(',')}`, nodes, close: async () => { await Promise.all(nodes.map((one) => one.close())); } };
}

/** A cluster's members talk to each other on a port that is 10,000 higher. */
async function findRedisPort(cluster: boolean): Promise<number> {
  for (;;) {
    const port = await findPort();
    if (!cluster || (port + 10_000 <= 65_535 && (await checkPort('127.0.0.1', port + 10_000, 'bus').then(() => true, () => false)))) return port;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    // Also who may not ask is answered.
    socket.once('data', () => { settle(true); socket.destroy(); }).once('error', () => settle(false));
  });
}
