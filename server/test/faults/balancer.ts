import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startNginx } from '../../dev/nginx.ts';

/** One address before several nodes, as an operator has it: nginx asks another node when one is gone or takes nobody in. */
export type Balancer = {
  port: number;
  /** Requests that are over and were another node's before they were answered. */
  passedOn(): Promise<number>;
  close(): Promise<void>;
};

/** A node that refused is left alone for a second: it may be back by then. */
export async function openBalancer(port: number, nodes: readonly number[]): Promise<Balancer> {
  const nginx = await startNginx(port, (dir) => `
  log_format tries '$upstream_status';
  access_log ${dir}/access.log tries;
  map $http_upgrade $kept { default upgrade; '' close; }
  upstream aside {
    zone aside 64k;
    least_conn;
${nodes.map((node) => `    server 127.0.0.1:${node} max_fails=1 fail_timeout=1s;`).join('\n')}
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://aside;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $kept;
      proxy_connect_timeout 1s;
      proxy_next_upstream error timeout http_503;
    }
  }`);
  return {
    port,
    passedOn: async () => (await readFile(path.join(nginx.dir, 'access.log'), 'utf8')).split('\n').filter((line) => line.includes(',')).length,
    close: nginx.close,
  };
}
