import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { readCompose, type Service } from '../../dev/compose.ts';
import { ROOT } from '../../dev/places.ts';
import { type Outcome, run } from '../../dev/run.ts';
import { openClient, person } from '../support/client.ts';
import { openServer } from '../support/server.ts';
import { findTools, openCluster } from './cluster.ts';

const tools = await findTools();

t.test('what compose.yaml backs up it restores, and readers of what came after begin anew', { skip: tools ? false : 'needs the tools of PostgreSQL: `apt-get install postgresql`' }, async (t) => {
  const cluster = await openCluster(tools ?? '');
  t.teardown(() => cluster.close());
  const backups = path.join(cluster.dir, 'backups');
  await mkdir(backups);
  const { services } = await readCompose(path.join(ROOT, 'compose.yaml'), { DOMAIN: 'chat.example.com', POSTGRES_PASSWORD: 'x', IDENTITY_SECRET: 'x' });

  /** The lines as they are written, but for the folder, which is the container's there. */
  function runTool({ entrypoint = [], command = [] }: Service, args = command): Promise<Outcome> {
    const [file = '', ...rest] = [...entrypoint, ...args].map((part) => part.replaceAll('/backups', backups));
    return run(file, rest, { env: cluster.env });
  }

  const before = await openServer(cluster.url);
  const anna = await openClient(before.ws, { room: 'kept', ...person() });
  await anna.say('said before');
  const backup = await runTool(services.backup ?? {});
  t.equal(backup.code, 0, backup.output);
  const [name = '', ...others] = await readdir(backups);
  t.match([name, others], [/^aside-\d{8}T\d{6}Z\.dump$/, []]);
  t.match(backup.output.trim(), path.join(backups, name), 'it tells the name');
  t.equal((await stat(path.join(backups, name))).mode & 0o777, 0o600, 'for its owner alone');

  await anna.say('said after');
  const at = { epoch: (await (await fetch(`${before.http}/api/v1/rooms/kept/messages`)).json()).epoch, rev: 2 };
  await anna.close();
  await before.close();

  t.not((await runTool(services.restore ?? {})).code, 0, 'without a name nothing is done');
  t.same(await textsAfterStart(cluster.url), ['said before', 'said after']);

  const restore = await runTool(services.restore ?? {}, [name]);
  t.equal(restore.code, 0, restore.output);
  const after = await openServer(cluster.url);
  t.teardown(() => after.close());
  const ben = await openClient(after.ws, { room: 'kept', ...person() });
  await ben.say('said since');
  const returning = await openClient(after.ws, { room: 'kept', at });
  t.match(await returning.next('welcome'), { resumed: false, rows: [{ text: 'said before' }, { text: 'said since' }] }, 'its number is taken again, and means something else');
  for (const client of [ben, returning]) await client.close();
});

async function textsAfterStart(url: string): Promise<string[]> {
  const server = await openServer(url);
  const answer = await fetch(`${server.http}/api/v1/rooms/kept/messages`);
  const { rows }: { rows: { text: string }[] } = await answer.json();
  await server.close();
  return rows.map(({ text }) => text).toReversed();
}
