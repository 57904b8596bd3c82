import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { run } from '../../run.ts';
import { FOURS, SIXES } from './places.ts';
import type { Tried } from './inside.ts';

/** Programs, and the Debian packages that bring them. */
const TOOLS = { unshare: 'util-linux', ip: 'iproute2', dnsmasq: 'dnsmasq-base', python3: 'python3' };

/** A network of its own, where public and private addresses are all this machine, and names are what our dnsmasq says. */
const ENTER = `
scratch=$1 fours=$2 sixes=$3; shift 3
ip link set lo up
for address in $fours; do ip address add "$address/32" dev lo; done
for address in $sixes; do ip -6 address add "$address/128" dev lo nodad; done
echo 'nameserver 127.0.0.1' >"$scratch/resolv.conf"
mount --bind "$scratch/resolv.conf" /etc/resolv.conf
exec "$@"
`;

export async function needTools(): Promise<void> {
  const missing: string[] = [];
  for (const [program, from] of Object.entries(TOOLS)) if ((await run('which', [program])).code !== 0) missing.push(from);
  if (missing.length > 0) throw new Error(`Some tools are missing: \`apt-get install --no-install-recommends ${missing.join(' ')}\` brings them.`);
}

/** Plays the tries in there; its processes end with it, however it ends. */
export async function tryInside(count: number, seed: number, say: (line: string) => void): Promise<Tried> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'aside-guard-'));
  const command = [process.execPath, path.join(import.meta.dirname, 'inside.ts'), `${count}`, `${seed}`];
  const child = spawn('unshare', ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-euc', ENTER, 'sh', scratch, FOURS.join(' '), SIXES.join(' '), ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    let last = '';
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
    const ended = new Promise<number | null>((settle, fail) => child.once('error', fail).once('close', settle));
    for await (const line of createInterface(child.stdout)) {
      if (last !== '') say(last);
      last = line;
    }
    if ((await ended) !== 0) throw new Error(`A network of its own is needed, and this machine gave none, or what ran there failed: ${last}\n${said}`);
    return JSON.parse(last) as Tried;
  } finally {
    child.kill('SIGKILL');
    await rm(scratch, { recursive: true, force: true });
  }
}
