import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Debian's nginx as it is shipped, in a folder of its own. */
export type Nginx = { port: number; pid: number; dir: string; close(): Promise<void> };

const LISTENS_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 25;

/** `http`: what stands in its block of that name; one of its servers listens on `port`. */
export async function startNginx(port: number, http: (dir: string) => string): Promise<Nginx> {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-nginx-'));
  // Its workers are another user.
  await chmod(dir, 0o711);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `  ${one}_temp_path ${dir}/${one};`).join('\n');
  await writeFile(path.join(dir, 'nginx.conf'), `
user www-data;
worker_processes auto;
daemon off;
pid ${dir}/nginx.pid;
error_log ${dir}/error.log;
worker_rlimit_nofile 20000;
events { worker_connections 8000; }
http {
${temporary}
${http(dir)}
}
`);
  const child = spawn('nginx', ['-c', path.join(dir, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = once(child, 'close');
  await Promise.race([listening(port), gone.then(() => { throw new Error('nginx ended before it listened'); })]);
  return {
    port,
    pid: child.pid ?? 0,
    dir,
    async close() {
      child.kill('SIGTERM');
      await gone;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  for (const deadline = performance.now() + LISTENS_WITHIN_MS; ; await pause(LOOK_EVERY_MS)) {
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); }).on('error', () => resolve(false));
    });
    if (there) return;
    if (performance.now() > deadline) throw new Error('nginx does not listen');
  }
}
