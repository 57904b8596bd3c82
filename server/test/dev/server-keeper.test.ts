import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import t, { type Test } from 'tap';
import { findPort } from '../../dev/ports.ts';
import { keepServer, type ServerKeeper } from '../../dev/server-keeper.ts';
import { until } from '../support/until.ts';

// Real processes, one after the other, on a machine that may be busy.
t.setTimeout(120_000);
const PATIENCE_MS = 20_000;

const GOOD = `import { createServer } from 'node:http';
createServer((request, response) => {
  if (request.url === '/die') throw new Error('a bug nobody knew');
  response.end(String(process.pid));
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));`;

type Kept = { keeper: ServerKeeper; url: string; said: string[]; logFile: string };

async function keep(t: Test, code: string): Promise<Kept> {
  const dir = t.testdir({ 'main.ts': code });
  const port = await findPort();
  const said: string[] = [];
  const logFile = path.join(dir, 'server.log');
  const url = `http://127.0.0.1:${port}`;
  const keeper = await keepServer({ main: path.join(dir, 'main.ts'), env: { ...process.env, PORT: String(port) }, readyUrl: `${url}/readyz`, logFile, say: (line) => said.push(line) });
  t.teardown(() => keeper.close(0));
  return { keeper, url, said, logFile };
}

async function pidAt(url: string): Promise<number | null> {
  return fetch(url).then((answer) => answer.text()).then(Number, () => null);
}

t.test('a server that dies is started again, and why it died is said', async (t) => {
  const { keeper, url, said } = await keep(t, GOOD);
  await keeper.ready;
  const first = await pidAt(url);
  await fetch(`${url}/die`).catch(() => null);
  t.ok(await until(() => said.length === 2, PATIENCE_MS));
  t.same(said, ['The server ended by itself (a bug nobody knew); starting it again.', 'The server is back.']);
  t.not(await pidAt(url), first);
  await keeper.close(1_000);
  t.equal(await pidAt(url), null);
});

t.test('a server that cannot start at all ends the start with its own sentence', async (t) => {
  const thrown = await keep(t, `throw new Error('the widget is not built')`);
  await t.rejects(thrown.keeper.ready, { message: 'The server does not start: the widget is not built' });
  const plain = await keep(t, `console.log(JSON.stringify({ level: 30, msg: 'begins' })); console.error('The environment has a fault:\\n  - PORT is odd'); process.exit(1)`);
  await t.rejects(plain.keeper.ready, { message: 'The server does not start: The environment has a fault:\n  - PORT is odd' });
  const logged = await keep(t, `console.log(JSON.stringify({ level: 60, msg: 'no database', err: { message: 'refused' } })); process.exit(1)`);
  await t.rejects(logged.keeper.ready, { message: 'The server does not start: no database: refused' });
  t.match(await readFile(logged.logFile, 'utf8'), 'no database');
});

t.test('a server that dies again and again is given up', async (t) => {
  const { keeper } = await keep(t, `${GOOD} setTimeout(() => { throw new Error('always the same'); }, 300);`);
  await t.rejects(keeper.lost, { message: 'The server dies again and again: always the same' });
});

t.test('a server that will not end is ended', async (t) => {
  const { keeper, url } = await keep(t, GOOD.replace('process.exit(0)', 'undefined'));
  await keeper.ready;
  await keeper.close(50);
  t.equal(await pidAt(url), null);
});

t.test('when the parent is killed alone, the server ends by itself', async (t) => {
  const dir = t.testdir({ 'main.ts': GOOD });
  const port = await findPort();
  const url = `http://127.0.0.1:${port}`;
  const module = path.resolve(import.meta.dirname, '../../dev/server-keeper.ts');
  await writeFile(path.join(dir, 'parent.ts'), `import { keepServer } from ${JSON.stringify(module)};
const keeper = await keepServer({ main: ${JSON.stringify(path.join(dir, 'main.ts'))}, env: { ...process.env, PORT: '${port}' }, readyUrl: '${url}', logFile: ${JSON.stringify(path.join(dir, 'log'))}, say: console.log });
await keeper.ready;
process.kill(process.pid, 'SIGKILL');`);
  const parent: ChildProcess = spawn(process.execPath, [path.join(dir, 'parent.ts')], { stdio: 'ignore' });
  const [, signal] = await once(parent, 'exit');
  t.equal(signal, 'SIGKILL');
  t.ok(await until(async () => await pidAt(url) === null, PATIENCE_MS));
});
