import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPort } from '../../dev/ports.ts';
import { cpuOf } from '../process.ts';

/** Debian's nginx as it is shipped, with a cache before an origin: what people put there who have no server like ours. */
export type Nginx = { port: number; version: string; cpuMs(): Promise<number>; close(): Promise<void> };

/** `origin`: its base address. Playlists are kept for a second, as ours are. */
export async function startNginx(origin: string): Promise<Nginx> {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-nginx-'));
  // Its workers are another user.
  await chmod(dir, 0o711);
  const port = await findPort();
  await writeFile(path.join(dir, 'nginx.conf'), `
user www-data;
worker_processes auto;
daemon off;
pid ${dir}/nginx.pid;
error_log ${dir}/error.log;
worker_rlimit_nofile 20000;
events { worker_connections 8000; }
http {
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log ${dir}/access.log;
  gzip on;
  keepalive_requests 1000000;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;
  proxy_cache_path ${dir}/cache levels=1:2 keys_zone=streams:10m max_size=1g;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass ${origin};
      proxy_cache streams;
      proxy_cache_lock on;
      proxy_ignore_headers Cache-Control;
      proxy_cache_valid 200 15m;
      location ~ \\.m3u8$ {
        proxy_pass ${origin};
        proxy_cache streams;
        proxy_cache_lock on;
        proxy_ignore_headers Cache-Control;
        proxy_cache_valid 200 1s;
      }
    }
  }
}
`);
  const child = spawn('nginx', ['-c', path.join(dir, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await Promise.race([listening(port), gone.then(() => { throw new Error('nginx ended before it listened'); })]);
  const pid = child.pid ?? 0;
  return {
    port,
    version: execFileSync('nginx', ['-v'], { stdio: 'pipe', encoding: 'utf8' }) || 'nginx',
    async cpuMs() {
      const workers = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number);
      return [pid, ...workers].reduce((sum, one) => sum + cpuOf(one), 0);
    },
    async close() {
      child.kill('SIGTERM');
      await gone;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  for (let left = 200; ; left -= 1) {
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); }).on('error', () => resolve(false));
    });
    if (there) return;
    if (left === 0) throw new Error('nginx does not listen');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
