import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { nameOf, ROOT } from '../../places.ts';
import { run } from '../../run.ts';
import { endAll } from './processes.ts';

/** Somebody who has just cloned the repository: whose the clone is, where their home lies. */
export type Person = { name: string; uid: number; gid: number; home: string; env: NodeJS.ProcessEnv };

export type Machine = {
  user: Person;
  root: Person;
  /** A fresh clone of the committed repository, at `place` below the scratch folder. */
  clone(person: Person, place: string): Promise<string>;
  /** Where a start in that clone keeps its data. */
  dataOf(person: Person, clone: string): string;
  remove(): Promise<void>;
};

/** A scratch folder and a user who owns nothing else; what the machine had before stays as it was. */
export async function openMachine(): Promise<Machine> {
  if (process.getuid?.() !== 0) throw new Error('A fresh machine is played with a user made for it, so this proof needs root: run it as root or in a container.');
  const scratch = await mkdtemp(path.join(tmpdir(), 'aside-fresh-'));
  await chmod(scratch, 0o755);
  const name = `aside-${randomBytes(4).toString('hex')}`;
  const kept = existsSync(SHARED);
  const clones: string[] = [];
  await must('useradd', ['--no-create-home', '--home-dir', path.join(scratch, name), '--shell', '/bin/sh', name]);
  const [uid = 0, gid = 0] = await Promise.all(['-u', '-g'].map(async (flag) => Number(await must('id', [flag, name]))));
  const user = await settle({ name, uid, gid, home: path.join(scratch, name) });
  const root = await settle({ name: 'root', uid: 0, gid: 0, home: path.join(scratch, 'root') });

  const dataOf = (person: Person, clone: string) => (person.uid === 0 ? path.join(SHARED, nameOf(clone)) : path.join(clone, '.data'));
  return {
    user,
    root,
    dataOf,
    async clone(person, place) {
      const dir = path.join(scratch, place);
      await mkdir(path.dirname(dir), { recursive: true });
      await chown(path.dirname(dir), person.uid, person.gid);
      await must('git', ['clone', '--quiet', '--no-hardlinks', ROOT, dir]);
      await must('chown', ['-R', `${person.uid}:${person.gid}`, dir]);
      clones.push(dir);
      return dir;
    },
    async remove() {
      await endAll([scratch, ...clones.map((clone) => dataOf(root, clone))]);
      await must('userdel', [name]);
      await rm(scratch, { recursive: true, force: true });
      for (const clone of clones) await rm(dataOf(root, clone), { recursive: true, force: true });
      if (!kept) await rm(SHARED, { recursive: true, force: true });
    },
  };
}

const SHARED = '/var/lib/aside';

/** A home with a store warmed by somebody else, as after an earlier install. */
export async function giveWarmHome(from: Person, to: Person): Promise<void> {
  await cp(from.home, to.home, { recursive: true, verbatimSymlinks: true });
  await must('chown', ['-R', `${to.uid}:${to.gid}`, to.home]);
}

async function settle(person: Omit<Person, 'env'>): Promise<Person> {
  await mkdir(person.home, { mode: 0o755 });
  await chown(person.home, person.uid, person.gid);
  return { ...person, env: environmentOf(person) };
}

/** What a login gives, and nothing of whoever runs this proof, but the way to the registry. */
function environmentOf({ name, home }: Omit<Person, 'env'>): NodeJS.ProcessEnv {
  const way = Object.entries(process.env).filter(([key]) => /^(npm_config_registry|node_extra_ca_certs|ssl_cert_file|https?_proxy|no_proxy)$/i.test(key));
  const places = (process.env.PATH ?? '').split(path.delimiter).filter((place) => !place.includes('node_modules') && !place.startsWith(homedir()));
  return { ...Object.fromEntries(way), PATH: places.join(path.delimiter), HOME: home, USER: name, LOGNAME: name, LANG: 'C.UTF-8' };
}

export async function must(file: string, args: string[], options: Parameters<typeof run>[2] = {}): Promise<string> {
  const { code, output, error } = await run(file, args, options);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')}: ${output.trim() || error?.message}`);
  return output;
}
