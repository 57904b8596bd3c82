import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../run.ts';
import type { Buildah } from './buildah.ts';

const MARK = 'a secret that lay beside the sources';
/** What a clone that is lived in holds beside its sources. */
const SECRETS = ['.env', 'server/.env', 'widget/.env', '.data/identity-secret', 'backups/aside.dump', 'node_modules/planted/index.js'];

/** Builds the image from a clone in which secrets lie about, as they do. */
export async function build(buildah: Buildah, clone: string, scratch: string): Promise<void> {
  for (const file of SECRETS) {
    await mkdir(path.join(clone, path.dirname(file)), { recursive: true });
    await writeFile(path.join(clone, file), `IDENTITY_SECRET=${MARK}\n`);
  }
  const volumes = (await wayToPackages(scratch)).flatMap((volume) => ['--volume', volume]);
  await buildah('build', '--pull-never', '--format', 'docker', '--layers=false', ...volumes, '--tag', 'aside', clone);
}

/** The registry this machine uses, whom it trusts, and the packages it has already: lent to the build, written nowhere into it. */
async function wayToPackages(scratch: string): Promise<string[]> {
  const ask = async (file: string, ...args: string[]) => (await run(file, ['--loglevel=silent', ...args], { env: process.env, cwd: scratch })).output.trim();
  const registry = await ask('npm', 'config', 'get', 'registry');
  const authorities = process.env.NODE_EXTRA_CA_CERTS ?? '';
  const store = await ask('npx', '--yes', 'pnpm@12', 'store', 'path');
  const npmrc = path.join(scratch, 'npmrc');
  await writeFile(npmrc, `registry=${registry}\n${authorities ? `cafile=${CA}\n` : ''}`);
  return [
    `${npmrc}:${HOME}/.npmrc:ro`,
    ...(authorities ? [`${await realpath(authorities)}:${CA}:ro`] : []),
    ...(existsSync(store) ? [`${path.dirname(store)}:${HOME}/.local/share/pnpm/store`] : []),
  ];
}

/** Of the user that builds, in the image. */
const HOME = '/root';
const CA = `${HOME}/authorities.pem`;

/** What an image must not hold, as sentences; nothing when it is well. `root` is where it lies unpacked. */
export async function faultsIn(root: string, clone: string): Promise<string[]> {
  const app = path.join(root, 'app');
  const notices = await readFile(path.join(clone, 'NOTICES.md'), 'utf8');
  const packages = await packagesIn(path.join(app, 'node_modules/.pnpm'));
  const { output: marked } = await run('grep', ['-rlF', MARK, app, path.join(root, HOME), path.join(root, 'tmp')]);
  const { output: owned } = await run('find', [app, '(', '!', '-user', 'root', '-o', '-perm', '/022', '!', '-type', 'l', ')']);
  const left = [`${HOME}/.npmrc`, CA, `${HOME}/.npm`, `${HOME}/.local`, '/app/node_modules/.modules.yaml'].filter((place) => existsSync(path.join(root, place)));
  return [
    ...packages.filter((name) => !new RegExp(`[ |]${name.replaceAll('.', '\\.')}(,| \\||$)`, 'm').test(beside(notices))).map((name) => `${name} is in it, and NOTICES.md does not name it beside the server`),
    ...marked.split('\n').filter(Boolean).map((file) => `${file} holds a secret`),
    ...owned.split('\n').filter(Boolean).map((file) => `${file} can be written by somebody else than root`),
    ...left.map((place) => `${place} was left by the build`),
    ...(packages.length > 0 ? [] : ['it holds no packages']),
  ];
}

function beside(notices: string): string {
  return notices.split(/^## /m).find((part) => part.startsWith('Beside the server\n')) ?? '';
}

async function packagesIn(store: string): Promise<string[]> {
  const names = new Set<string>();
  for (const entry of await readdir(store)) {
    // The part before the version; a scope is written with a plus.
    const [, name] = entry.match(/^(@?[^@]+)@/) ?? [];
    if (name) names.add(name.replace('+', '/'));
  }
  return [...names];
}
