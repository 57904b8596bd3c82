import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { setDefaultCACertificates } from 'node:tls';
import type { Service } from '../../compose.ts';

const MS_TO_READY = 20_000;
/** In place of a public authority, which nobody reaches from here, and without a word to the machine's own list of them. */
const OWN_AUTHORITY = '{\n  local_certs\n  skip_install_trust\n}\n';

/** Runs Caddy on our site as it is written, with certificates of its own; from then on this process trusts those. Returns its end. */
export async function startCaddy(site: string, { environment }: Service, scratch: string, origin: string): Promise<() => Promise<void>> {
  const file = path.join(scratch, 'Caddyfile');
  await writeFile(file, `${OWN_AUTHORITY}${await readFile(site, 'utf8')}`);
  const env = { PATH: process.env.PATH, HOME: scratch, XDG_DATA_HOME: scratch, XDG_CONFIG_HOME: scratch, ...environment };
  const child = spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
  const ended = once(child, 'close');
  const root = path.join(scratch, 'caddy/pki/authorities/local/root.crt');
  for (const deadline = Date.now() + MS_TO_READY; ; await pause(50)) {
    const certificate = await readFile(root, 'utf8').catch(() => null);
    if (certificate) setDefaultCACertificates([certificate]);
    if (certificate && (await fetch(`${origin}/readyz`).then((answer) => answer.ok, () => false))) break;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`Caddy does not serve ${origin}:\n${said.split('\n').slice(-12).join('\n')}`);
  }
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}
