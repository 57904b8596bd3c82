import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Debian's haproxy as it is shipped, in a folder of its own. */
export type Haproxy = {
  /** Says a line to it, as an operator or a controller does, and gives its answer. */
  tell(line: string): Promise<string>;
  close(): Promise<void>;
};

const LISTENS_WITHIN_MS = 5_000;

/** `sections`: what stands below `global`; one of its frontends listens on `port`. */
export async function startHaproxy(port: number, sections: string): Promise<Haproxy> {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-haproxy-'));
  const file = path.join(dir, 'haproxy.cfg');
  const admin = path.join(dir, 'admin.sock');
  await writeFile(file, `
global
  maxconn 8000
  stats socket ${admin} mode 600 level admin
${sections}
`);
  const child = spawn('haproxy', ['-db', '-q', '-f', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = once(child, 'close');
  const listening = (async () => {
    for (const deadline = performance.now() + LISTENS_WITHIN_MS; performance.now() < deadline; ) {
      const there = await new Promise<boolean>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); }).on('error', () => setTimeout(() => resolve(false), 25));
      });
      if (there) return;
    }
    throw new Error('haproxy does not listen');
  })();
  await Promise.race([listening, gone.then(() => { throw new Error('haproxy ended before it listened'); })]);
  return {
    async tell(line) {
      const socket = connect(admin);
      socket.end(`${line}\n`);
      let answer = '';
      for await (const part of socket.setEncoding('utf8')) answer += part;
      return answer.trim();
    },
    async close() {
      child.kill('SIGTERM');
      await gone;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
