import { strict as assert } from 'node:assert';
import { chmod, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findPort } from '../../ports.ts';
import { type Beginning, begin, SECONDS_TO_END } from './beginning.ts';
import type { Machine, Person } from './machine.ts';
import { isThere, kill } from './processes.ts';
import { say, textsIn } from './talk.ts';

/** What a case measured: seconds until it was ready, seconds until it had ended. */
export type Measured = { ready: number[]; ended: number[] };
export type Case = (machine: Machine) => Promise<Measured>;

/** The cases of "Two commands", each on a clone of its own. */
export const cases: Record<string, Case> = {
  'a plain user': (machine) => live(machine, machine.user, 'plain/aside'),
  root: (machine) => live(machine, machine.root, 'root/aside'),
  'a clone in a home that only its owner enters': async (machine) => {
    await chmod(machine.user.home, 0o700);
    return live(machine, machine.user, `${machine.user.name}/aside`);
  },
  "root, with the clone in a home that only root enters": async (machine) => {
    await chmod(machine.root.home, 0o700);
    return live(machine, machine.root, 'root/private aside');
  },
  'a path with blanks and Hangul': (machine) => live(machine, machine.user, '내 블로그 (새 것)/곁 채팅'),
  "kill -9 of the parent alone": orphan,
  'a second start': second,
  'a taken port': taken,
  'Ctrl-C while it begins': early,
  'Ctrl-C on a server that hangs': hung,
  'the network of the house': house,
};

/** Ready, talked in, ended, ready again with what was said and the same secret, ended. */
async function live(machine: Machine, person: Person, place: string): Promise<Measured> {
  const clone = await machine.clone(person, place);
  const first = await begin(machine, person, clone);
  const ready = [await first.ready()];
  await visit(first);
  await say(`http://127.0.0.1:${first.port}`, 'fresh', '첫 인사');
  const secret = path.join(first.dataDir, 'identity-secret');
  const [secretWas, { mode }] = [await readFile(secret, 'utf8'), await stat(secret)];
  assert.equal(mode & 0o777, 0o600, 'the secret is readable by others');
  const ended = [await end(first)];
  const again = await begin(machine, person, clone);
  ready.push(await again.ready());
  assert.deepEqual(await textsIn(`http://127.0.0.1:${again.port}`, 'fresh'), ['첫 인사']);
  assert.equal(await readFile(secret, 'utf8'), secretWas, 'the secret changed');
  ended.push(await end(again));
  return { ready, ended };
}

async function orphan(machine: Machine): Promise<Measured> {
  const clone = await machine.clone(machine.user, 'orphan/aside');
  const first = await begin(machine, machine.user, clone);
  const ready = [await first.ready()];
  await say(`http://127.0.0.1:${first.port}`, 'fresh', '살아남을 말');
  const database = await first.databasePid();
  kill(await first.parentPid(), 'SIGKILL');
  await first.ended();
  await until('the orphaned server ends by itself', () => fetch(`http://127.0.0.1:${first.port}/healthz`).then(() => false, () => true));
  assert.ok(isThere(database), 'the database ended with its parent');
  const heir = await begin(machine, machine.user, clone);
  ready.push(await heir.ready());
  assert.equal(await heir.databasePid(), database, 'another database was started');
  assert.deepEqual(await textsIn(`http://127.0.0.1:${heir.port}`, 'fresh'), ['살아남을 말']);
  return { ready, ended: [await end(heir)] };
}

async function second(machine: Machine): Promise<Measured> {
  const clone = await machine.clone(machine.user, 'second/aside');
  const first = await begin(machine, machine.user, clone);
  const ready = [await first.ready()];
  await refused(await begin(machine, machine.user, clone), /^Aside already runs from this folder \(process \d+\): open it in the browser, or stop it first with Ctrl-C there or `kill \d+`\.$/);
  await visit(first);
  return { ready, ended: [await end(first)] };
}

async function taken(machine: Machine): Promise<Measured> {
  const clone = await machine.clone(machine.user, 'taken/aside');
  for (const setting of ['PORT', 'DEMO_PORT']) {
    const port = await findPort();
    const other = createServer();
    await new Promise<void>((settle) => other.listen(port, '127.0.0.1', settle));
    const start = await begin(machine, machine.user, clone, { env: { [setting]: String(port) } });
    await refused(start, new RegExp(`^Port ${port} is taken by another program: stop that one, or choose another with ${setting}=\\d+\\.$`)).finally(() => other.close());
  }
  return { ready: [], ended: [] };
}

/** At five moments of a first start: nothing is left, and the next start is as good as the first. */
async function early(machine: Machine): Promise<Measured> {
  const clone = await machine.clone(machine.user, 'early/aside');
  const ended: number[] = [];
  for (const ms of [0, 150, 400, 700, 1_100]) {
    const start = await begin(machine, machine.user, clone);
    await until('it begins', async () => /\$ node /.test(start.said()));
    await pause(ms);
    ended.push(await end(start));
  }
  const last = await begin(machine, machine.user, clone);
  const ready = [await last.ready()];
  await visit(last);
  ended.push(await end(last));
  return { ready, ended };
}

/** It is given its time and then killed; a second Ctrl-C does not wait for that. */
async function hung(machine: Machine): Promise<Measured> {
  const clone = await machine.clone(machine.user, 'hung/aside');
  const measured: Measured = { ready: [], ended: [] };
  for (const impatient of [false, true]) {
    const start = await begin(machine, machine.user, clone);
    measured.ready.push(await start.ready());
    kill(await serverOf(start), 'SIGSTOP');
    if (impatient) {
      kill(await start.parentPid(), 'SIGINT');
      await pause(MS_OF_A_PERSON);
    }
    const took = await end(start);
    if (impatient) assert.ok(took < 1, `the second Ctrl-C took ${took} s`);
    measured.ended.push(took);
  }
  return measured;
}

/** Between two presses of Ctrl-C. */
const MS_OF_A_PERSON = 600;

async function serverOf(start: Beginning): Promise<number> {
  const parent = await start.parentPid();
  const children = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).trim().split(' ').map(Number);
  for (const pid of children) if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('server/src/main.ts')) return pid;
  throw new Error(`process ${parent} runs no server`);
}

/** With HOST=0.0.0.0 another device reads, talks and sees the demo blog at this machine's address. */
async function house(machine: Machine): Promise<Measured> {
  const address = Object.values(networkInterfaces()).flatMap((all) => all ?? []).find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2';
  const start = await begin(machine, machine.user, await machine.clone(machine.user, 'house/aside'), { env: { HOST: '0.0.0.0' } });
  const ready = [await start.ready()];
  if (address !== '127.0.0.2') assert.match(start.said(), new RegExp(`http://${address}:${start.demoPort}`));
  await visit(start, address, address);
  await say(`http://${address}:${start.port}`, 'fresh', '전화기에서');
  return { ready, ended: [await end(start)] };
}

/** The demo blog stands, and frames a room that stands too. */
export async function visit({ port, demoPort }: Beginning, blogHost = 'localhost', chatHost = '127.0.0.1'): Promise<void> {
  const blog = await (await fetch(`http://${blogHost}:${demoPort}/hangul-lines`)).text();
  const frame = blog.match(/src="([^"]+\/room\/[^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? '';
  assert.ok(frame.startsWith(`http://${chatHost}:${port}/room/hangul-lines?`), `the blog frames ${frame}`);
  const room = await fetch(frame);
  assert.equal(room.status, 200);
  assert.match(await room.text(), /<script/);
}

export async function end(start: Beginning): Promise<number> {
  const took = await start.interrupt();
  assert.ok(took <= SECONDS_TO_END, `it took ${took} s to end`);
  assert.doesNotMatch(start.said(), /^\s+at /m, 'it ended by an error');
  return took;
}

/** One plain sentence, an exit code, no stack. */
async function refused(start: Beginning, sentence: RegExp): Promise<void> {
  const { code, said } = await start.ended();
  assert.notEqual(code, 0);
  assert.doesNotMatch(said, /^\s+at /m);
  const own = said.slice(said.indexOf('$ node ')).split('\n').slice(1).filter((line) => line !== '' && !/^(\[ELIFECYCLE\]|npm |The widget is built)/.test(line));
  assert.equal(own.length, 1, `it said:\n${own.join('\n')}`);
  assert.match(own[0] ?? '', sentence);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await holds()); await pause(20)) {
    if (Date.now() > deadline) throw new Error(`waited 30 s in vain until ${what}`);
  }
}
