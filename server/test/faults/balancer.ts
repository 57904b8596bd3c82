import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startHaproxy } from '../../dev/haproxy.ts';
import { startNginx } from '../../dev/nginx.ts';

/** One address before several nodes, as an operator has it: nginx asks another node when one is gone or takes nobody in. */
export type Balancer = {
  port: number;
  /** Requests that are over and were another node's before they were answered. */
  passedOn(): Promise<number>;
  /** From now on a node is asked nothing new, or is again once it says it is ready; what it has, it keeps. Where nobody tells the balancer, it finds out by itself. */
  takeOut?(node: number): Promise<void>;
  putIn?(node: number): Promise<void>;
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

/** `cuts`: it ends the sockets of who is taken out, as one without connection draining does. `passesOn`: what a node refused, another is asked. `tunnelMs`: how long a socket may be quiet. */
type ClusterManner = { cuts?: boolean; passesOn?: boolean; tunnelMs?: number };

/** As a cluster has it: endpoints are taken out and put in by who replaces nodes, and each says every two seconds whether it is ready. */
export async function openClusterBalancer(port: number, nodes: readonly number[], { cuts = false, passesOn = false, tunnelMs = 86_400_000 }: ClusterManner = {}): Promise<Balancer> {
  const haproxy = await startHaproxy(port, `
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s
  timeout tunnel ${tunnelMs}ms
${passesOn ? '  retries 3\n  option redispatch 1\n  retry-on conn-failure empty-response 503\n' : ''}frontend all
  bind 127.0.0.1:${port}
  option forwardfor
  default_backend aside
backend aside
  balance leastconn
  option httpchk GET /readyz
  default-server check inter 2s fall 2 rise 1
${nodes.map((node) => `  server n${node} 127.0.0.1:${node}`).join('\n')}`);
  const put = async (node: number, state: 'drain' | 'ready'): Promise<void> => {
    const answer = await haproxy.tell(`set server aside/n${node} state ${state}`);
    if (answer !== '') throw new Error(`haproxy says: ${answer}`);
  };
  return {
    port,
    passedOn: async () => (await haproxy.tell('show stat')).split('\n').filter((line) => line.startsWith('aside,n')).reduce((sum, line) => sum + Number(line.split(',')[16] || 0), 0),
    async takeOut(node) {
      await put(node, 'drain');
      if (cuts) await haproxy.tell(`shutdown sessions server aside/n${node}`);
    },
    putIn: (node) => put(node, 'ready'),
    close: haproxy.close,
  };
}
