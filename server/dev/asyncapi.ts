import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import { ROOT } from './places.ts';

type Schema = { [name: string]: unknown };

/** The socket's contract (AsyncAPI 3.0), made from the types of the frames: what a type says is what stands here. */
export async function printAsyncapi(): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(ROOT, 'server/package.json'), 'utf8')) as { version: string };
  const { definitions = {} } = createGenerator({
    path: path.join(ROOT, 'server/src/protocol/frames.ts'), tsconfig: path.join(ROOT, 'tsconfig.json'), type: '*', expose: 'export', skipTypeCheck: true,
  }).createSchema('*');
  const schemas = JSON.parse(JSON.stringify(definitions).replaceAll('#/definitions/', '#/components/schemas/')) as Record<string, Schema>;
  // What a reader of frames notes of it never crosses the wire.
  const hello = schemas.Hello as { properties: Schema; required: string[] };
  delete hello.properties.dropped;
  hello.required = hello.required.filter((name) => name !== 'dropped');
  const messages = Object.fromEntries((['ClientFrame', 'ServerFrame'] as const).map((name) => [name, {
    name, contentType: 'application/json', payload: { $ref: `#/components/schemas/${name}` },
  }]));
  const operation = (action: 'send' | 'receive', message: string, summary: string) => ({ action, summary, channel: { $ref: '#/channels/chat' }, messages: [{ $ref: `#/channels/chat/messages/${message}` }] });
  return `${JSON.stringify({
    asyncapi: '3.0.0',
    info: { title: 'Aside', version, description: 'One JSON object a text frame, told apart by its "t". The rules are in PROTOCOL.md.' },
    defaultContentType: 'application/json',
    channels: { chat: { address: '/ws', messages: Object.fromEntries(Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }])) } },
    operations: { hear: operation('receive', 'ClientFrame', 'What the server takes'), tell: operation('send', 'ServerFrame', 'What the server says') },
    components: { messages, schemas },
  }, null, 1)}\n`;
}
