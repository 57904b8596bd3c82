import { cp, mkdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../../places.ts';
import { run } from '../../run.ts';
import { must } from '../fresh/machine.ts';
import type { Buildah } from './buildah.ts';

const RELEASE = 'bookworm';
/** Node's own programs are linked against it, and Debian's smallest system has it not. */
const MORE = 'libatomic1';
/** Debian's slim images leave these out too; copyright files stay. */
const NOT_SLIM = ['usr/share/man', 'usr/share/info', 'usr/share/locale', 'usr/share/lintian', 'var/cache/apt', 'var/lib/apt/lists', 'var/log/apt'];

/**
 * Assembles what the Dockerfile starts from and cannot be fetched here: Debian by debootstrap, the Node of the lockfile,
 * and the npm of this machine. It goes by the name that the Dockerfile asks for, which is returned.
 */
export async function assembleBase(buildah: Buildah, clone: string, scratch: string): Promise<string> {
  const [, name = ''] = (await readFile(path.join(clone, 'Dockerfile'), 'utf8')).match(/^ARG NODE_IMAGE=(\S+)$/m) ?? [];
  const base = path.join(scratch, 'base');
  await must('debootstrap', ['--variant=minbase', `--include=${MORE}`, RELEASE, base, ...(await mirror())], { env: process.env });
  for (const place of NOT_SLIM) await rm(path.join(base, place), { recursive: true, force: true });
  await must('find', [path.join(base, 'usr/share/doc'), '-type', 'f', '!', '-name', 'copyright', '-delete']);
  await addNode(base);
  const container = await buildah('from', 'scratch');
  await buildah('add', '--quiet', container, base, '/');
  await buildah('config', '--env', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', container);
  await buildah('commit', '--quiet', '--rm', container, `docker.io/library/${name}`);
  await rm(base, { recursive: true, force: true });
  return name;
}

/** Where this machine's apt gets the release from; debootstrap's own default where it has another one. */
async function mirror(): Promise<string[]> {
  const { output } = await run('apt-get', ['indextargets', '--format', '$(RELEASE) $(REPO_URI)', 'Created-By: Packages']);
  const line = output.split('\n').find((one) => one.startsWith(`${RELEASE} `));
  return line ? [line.slice(RELEASE.length + 1)] : [];
}

async function addNode(base: string): Promise<void> {
  const local = path.join(base, 'usr/local');
  await cp(path.join(ROOT, 'node_modules', `node-linux-${process.arch}`, 'bin/node'), path.join(local, 'bin/node'));
  await mkdir(path.join(local, 'lib/node_modules'), { recursive: true });
  await cp(await findNpm(), path.join(local, 'lib/node_modules/npm'), { recursive: true });
  for (const program of ['npm', 'npx']) await symlink(`../lib/node_modules/npm/bin/${program}-cli.js`, path.join(local, 'bin', program));
}

async function findNpm(): Promise<string> {
  for (const place of (process.env.PATH ?? '').split(path.delimiter)) {
    const program = await realpath(path.join(place, 'npm')).catch(() => '');
    if (program.endsWith('/npm/bin/npm-cli.js')) return path.resolve(program, '../..');
  }
  throw new Error('There is no npm on this machine to put into the base.');
}
