import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { nanoid } from 'nanoid';
import t from 'tap';
import type { ServerFrame } from '../../src/protocol/index.ts';
import { ADMIN_TOKEN, authorOf, does, enter, idOf, moderatorKey } from '../moderation/desk.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

const database = await openDatabase();
const server = await openServer(database.url, { ADMIN_TOKEN, FRAME_ANCESTORS: 'https://blog.example' });
t.teardown(async () => {
  await server.close();
  await database.close();
});
const document = (await (await fetch(`${server.http}/api/docs/asyncapi.json`)).json()) as { components: { schemas: Record<string, object> } };
const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'https://aside.test/wire', ...document });
const frameOf = (name: string) => ajv.compile({ $ref: `https://aside.test/wire#/components/schemas/${name}` });

t.test('the document is AsyncAPI 3.0', async (t) => {
  const meta = JSON.parse(await readFile(new URL(import.meta.resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json')), 'utf8')) as object;
  const valid = new Ajv({ strict: false, validateFormats: false }).compile(meta);
  t.ok(valid(document), ajv.errorsText(valid.errors));
});

t.test('what a server says in a busy room is in it, and so is what a client sends', async (t) => {
  const { key } = await moderatorKey(server);
  const said: object[] = [];
  const frames: ServerFrame[] = [];
  const [anna, ben, mod] = await Promise.all([enter(server, 'wire', { id: idOf(1), nick: '졸린 여우' }), enter(server, 'wire', { id: idOf(2) }), enter(server, 'wire', { key })]);
  const asks = (client: typeof anna, frame: { t: string } & Record<string, unknown>) => {
    const whole = { cid: nanoid(), ...frame };
    said.push(whole);
    return does(client, whole);
  };
  await asks(anna, { t: 'say', text: '안녕하세요' });
  await asks(ben, { t: 'say', text: '반가워요', re: 1 });
  await asks(anna, { t: 'edit', n: 1, text: '안녕히 계세요' });
  await asks(ben, { t: 'react', n: 1, emoji: '👍', on: true });
  await asks(ben, { t: 'report', n: 1, reason: 'spam' });
  await asks(ben, { t: 'edit', n: 1, text: '남의 말' });
  await asks(mod, { t: 'mod', do: 'pin', n: 1, on: true });
  await asks(mod, { t: 'mod', do: 'rules', rules: { slow: 5, hold: true, closesAt: Date.now() + 1e9 } });
  await asks(mod, { t: 'mod', do: 'mute', who: authorOf(ben), seconds: 5 });
  await asks(mod, { t: 'delete', n: 2 });
  for (const frame of [{ t: 'who' }, { t: 'typing' }, { t: 'since', rev: 1 }, { t: 'pair', key: nanoid(43), blog: 'https://blog.example' }]) {
    said.push(frame);
    anna.send(frame);
  }
  await Promise.all([anna.next('names'), anna.next('pair'), mod.next('desk'), anna.next('here')]);
  await (await enter(server, 'wire', { id: idOf(1), at: { epoch: 'ffffffffffffffff', rev: 1 } })).close();
  await Promise.all([anna, ben, mod].map((one) => one.close()));
  frames.push(...anna.frames, ...ben.frames, ...mod.frames);

  const [client, told] = [frameOf('ClientFrame'), frameOf('ServerFrame')];
  for (const frame of said) t.ok(client(frame), `${JSON.stringify(frame)}: ${ajv.errorsText(client.errors)}`);
  for (const frame of frames) t.ok(told(frame), `${JSON.stringify(frame).slice(0, 200)}: ${ajv.errorsText(told.errors)}`);
  const kinds = new Set(frames.map((frame) => frame.t));
  for (const kind of ['welcome', 'rows', 'ok', 'no', 'here', 'names', 'pair', 'desk']) t.ok(kinds.has(kind as ServerFrame['t']), `${kind} was said`);
  t.notOk(told({ t: 'welcome', v: 1 }), 'what is no frame is none');
  t.notOk(client({ t: 'say', cid: 'x', words: 'x' }));
});
