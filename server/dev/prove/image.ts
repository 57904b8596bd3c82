import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../places.ts';
import type { Asked, Result } from '../proofs.ts';
import { run } from '../run.ts';
import { must } from './fresh/machine.ts';
import { assembleBase } from './image/base.ts';
import { build, faultsIn } from './image/build.ts';
import { type Buildah, configOf, openBuildah } from './image/buildah.ts';

const PACKED_MAX_BYTES = 100_000_000;
/** Programs, and the Debian packages that bring them. */
const TOOLS = { buildah: 'buildah', debootstrap: 'debootstrap', caddy: 'caddy', ip: 'iproute2', git: 'git' };
const DOMAIN = 'chat.example.com';

/** Builds the image of what is committed without an engine, and plays its life by compose.yaml: start, talk, stop, start again. Always whole. */
export async function prove({ say }: Asked): Promise<Result> {
  await needTools();
  const scratch = await mkdtemp(path.join(tmpdir(), 'aside-image-'));
  await chmod(scratch, 0o755);
  const buildah = openBuildah(scratch);
  try {
    const clone = path.join(scratch, 'clone');
    await must('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone]);
    const base = await timed(say, 'the base is assembled', () => assembleBase(buildah, clone, scratch));
    await timed(say, 'the image is built', () => build(buildah, clone, scratch));
    const sizes = await measure(buildah, scratch, base);
    const root = await buildah('mount', await buildah('from', '--pull-never', 'aside'));
    const faults = [...(await faultsIn(root, clone)), ...(sizes.packed <= PACKED_MAX_BYTES ? [] : ['it is larger than it may be'])];
    for (const fault of faults) say(`✗ ${fault}`);
    const played = await play(say, { image: { root, hosts: path.join(scratch, 'hosts'), config: await configOf(buildah, 'aside') }, clone, scratch });
    const failed = faults.length + played.failed;
    const figure = `${sizes.told}; ${played.held} acts held in a container without an engine: read-only root, no capability, behind Caddy${failed > 0 ? `; ${failed} faults` : ''}`;
    return { ok: failed === 0 && played.held > 0, count: played.held + played.failed, figure };
  } finally {
    await buildah('umount', '--all').catch((error: Error) => say(error.message));
    await rm(scratch, { recursive: true, force: true });
  }
}

async function needTools(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('A base is assembled and namespaces are made, so this proof needs root: run it as root or in a container.');
  const missing: string[] = [];
  for (const [program, from] of Object.entries(TOOLS)) if ((await run('which', [program])).code !== 0) missing.push(from);
  if (missing.length > 0) throw new Error(`Some tools are missing: \`apt-get install --no-install-recommends ${missing.join(' ')}\` brings them.`);
}

async function timed<T>(say: (line: string) => void, what: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  const result = await work();
  say(`${what} in ${((Date.now() - began) / 1_000).toFixed(0)} s`);
  return result;
}

/** Packed as a registry would take it, layers by gzip; unpacked as the files of all layers. */
async function measure(buildah: Buildah, scratch: string, base: string): Promise<{ packed: number; told: string }> {
  const [packed, packedBase] = [await pack(buildah, scratch, 'aside'), await pack(buildah, scratch, base)];
  const container = await buildah('from', '--pull-never', 'aside');
  const unpacked = Number((await must('du', ['-sb', await buildah('mount', container)])).split('\t')[0]);
  await buildah('rm', container);
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
  return { packed, told: `${mb(packed)} MB packed (≤ ${PACKED_MAX_BYTES / 1e6}), of which the base assembled here is ${mb(packedBase)}, ${mb(unpacked)} MB unpacked` };
}

async function pack(buildah: Buildah, scratch: string, image: string): Promise<number> {
  const archive = path.join(scratch, 'packed.tar');
  await buildah('push', '--quiet', image, `oci-archive:${archive}`);
  const { size } = await stat(archive);
  await rm(archive);
  return size;
}

const OWN_NETWORK = 'ip link set lo up; mount --bind "$1" /etc/hosts; shift; exec "$@"';

/** In a network of its own every name and port is the one that is written, and none of this machine's. */
async function play(say: (line: string) => void, { image, clone, scratch }: { image: { root: string; hosts: string; config: object }; clone: string; scratch: string }): Promise<{ held: number; failed: number }> {
  const env = { DOMAIN, POSTGRES_PASSWORD: randomBytes(24).toString('hex'), IDENTITY_SECRET: randomBytes(32).toString('hex') };
  await writeFile(image.hosts, `127.0.0.1 localhost server database ${DOMAIN}\n`);
  // An engine makes this file in every container.
  await writeFile(path.join(image.root, 'etc/hosts'), '', { flag: 'a' });
  const inside = path.join(import.meta.dirname, 'image/inside.ts');
  const command = ['sh', '-euc', OWN_NETWORK, 'sh', image.hosts, process.execPath, inside, JSON.stringify({ image, clone, scratch, env })];
  const child = spawn('unshare', ['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child', ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const told = { held: 0, failed: 0 };
  for await (const line of createInterface({ input: child.stdout })) {
    say(line);
    if (line.startsWith('✓')) told.held += 1;
    else if (line.startsWith('✗')) told.failed += 1;
  }
  const [code] = await ended;
  return code === 0 ? told : { ...told, failed: Math.max(1, told.failed) };
}
