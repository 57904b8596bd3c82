import { execFileSync } from 'node:child_process';
import { startNginx } from '../../dev/nginx.ts';
import { findPort } from '../../dev/ports.ts';
import { childrenOf, cpuOf } from '../process.ts';

/** nginx with a cache before an origin: what people put there who have no server like ours. */
export type Cache = { port: number; version: string; cpuMs(): number; close(): Promise<void> };

/** `origin`: its base address. Playlists are kept for a second, as ours are. */
export async function startCache(origin: string): Promise<Cache> {
  const port = await findPort();
  const nginx = await startNginx(port, (dir) => `
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log ${dir}/access.log;
  gzip on;
  keepalive_requests 1000000;
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
  }`);
  return {
    port,
    version: execFileSync('nginx', ['-v'], { stdio: 'pipe', encoding: 'utf8' }) || 'nginx',
    cpuMs() {
      return [nginx.pid, ...childrenOf(nginx.pid)].reduce((sum, one) => sum + cpuOf(one), 0);
    },
    close: nginx.close,
  };
}
