/** One file put into a good tree. `breaks` is what the law has to say of it; without, it has to say nothing. */
export type Plant = { name: string; file: string; text: string; breaks?: RegExp };

export const guilty: readonly Plant[] = [
  { name: 'the room imports fastify', file: 'server/src/room/planted.ts', text: "import Fastify from 'fastify';\nexport const app = Fastify();\n", breaks: /fastify, which has its home elsewhere/ },
  { name: 'the room imports a type of fastify', file: 'server/src/room/planted.ts', text: "import type { FastifyInstance } from 'fastify';\nexport type App = FastifyInstance;\n", breaks: /fastify, which has its home elsewhere/ },
  { name: 'the room imports ws late', file: 'server/src/room/verbs/planted.ts', text: "export const late = () => import('ws');\n", breaks: /ws, which has its home elsewhere/ },
  { name: 'the room imports postgres for its effect', file: 'server/src/room/planted.ts', text: "import 'postgres';\n", breaks: /postgres, which has its home elsewhere/ },
  { name: 'the room imports the edge, over several lines', file: 'server/src/room/planted.ts', text: "import {\n  encodeFrame,\n} from '../http/frame.ts';\nexport const encode = encodeFrame;\n", breaks: /server\/src\/room stands below server\/src\/http/ },
  { name: 'the room reads the environment', file: 'server/src/room/planted.ts', text: 'export const level = process.env.LOG_LEVEL;\n', breaks: /reads process\.env/ },
  { name: 'the contract imports Node', file: 'server/src/protocol/planted.ts', text: "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID;\n", breaks: /the contract imports nothing/ },
  { name: 'the contract imports a package', file: 'server/src/protocol/planted.ts', text: "import { nanoid } from 'nanoid';\nexport const cid = nanoid;\n", breaks: /nanoid, which has its home elsewhere/ },
  { name: 'the contract imports the room', file: 'server/src/protocol/planted.ts', text: "export type { Room } from '../room/room.ts';\n", breaks: /server\/src\/protocol stands below server\/src\/room/ },
  { name: 'the log imports the room', file: 'server/src/log/planted.ts', text: "export * from '../room/tail.ts';\n", breaks: /server\/src\/log stands below server\/src\/room/ },
  { name: 'the bus imports the log', file: 'server/src/bus/planted.ts', text: "import type { Log } from '../log/messages.ts';\nexport type Truth = Log;\n", breaks: /server\/src\/bus stands below server\/src\/log/ },
  { name: 'the edge imports postgres', file: 'server/src/http/planted.ts', text: "import postgres from 'postgres';\nexport const sql = postgres;\n", breaks: /postgres, which has its home elsewhere/ },
  { name: 'the settings import the app', file: 'server/src/config/planted.ts', text: "import { createApp } from '../app.ts';\nexport const app = createApp;\n", breaks: /server\/src\/config stands below server\/src\/app/ },
  { name: 'the room imports fastify without a blank', file: 'server/src/room/planted.ts', text: "import{Fastify}from'fastify';\nexport const app = Fastify;\n", breaks: /fastify, which has its home elsewhere/ },
  { name: 'the room imports ws late, in a template', file: 'server/src/room/planted.ts', text: 'export const late = () => import(`ws`);\n', breaks: /ws, which has its home elsewhere/ },
  { name: 'the room requires fastify', file: 'server/src/room/planted.ts', text: "import { createRequire } from 'node:module';\nexport const app = createRequire(import.meta.url)('fastify');\n", breaks: /requires; only imports can be seen/ },
  { name: 'the room takes the environment from Node', file: 'server/src/room/planted.ts', text: "import { env } from 'node:process';\nexport const level = env.LOG_LEVEL;\n", breaks: /reads process\.env/ },
  { name: 'the room reads the environment by its name', file: 'server/src/room/planted.ts', text: "export const level = process['env'].LOG_LEVEL;\n", breaks: /reads process\.env/ },
  { name: 'a folder that has no place', file: 'server/src/utils/planted.ts', text: 'export const one = 1;\n', breaks: /stands in no layer/ },
  { name: 'the screen imports the net', file: 'widget/src/ui/planted.ts', text: "import { connect } from '../net/connect.ts';\nexport const dial = connect;\n", breaks: /widget\/src\/ui stands below widget\/src\/net/ },
  { name: 'the net imports the state', file: 'widget/src/net/planted.ts', text: "import type { Store } from '../state/store.ts';\nexport type Held = Store;\n", breaks: /widget\/src\/net stands below widget\/src\/state/ },
  { name: 'the widget goes round the contract', file: 'widget/src/state/planted.ts', text: "import { checkNick } from '../../../server/src/protocol/text.ts';\nexport const check = checkNick;\n", breaks: /widget\/src\/state stands below server\/src\/protocol/ },
  { name: 'the widget imports Node', file: 'widget/src/state/planted.ts', text: "import { readFile } from 'node:fs/promises';\nexport const read = readFile;\n", breaks: /browsers have no Node/ },
  { name: "the host page's side imports the contract", file: 'widget/src/embed/planted.ts', text: "import { isFinal } from '@aside/server/protocol';\nexport const final = isFinal;\n", breaks: /widget\/src\/embed stands below @aside\/server\/protocol/ },
];

export const innocent: readonly Plant[] = [
  { name: 'a comment that tells of an import', file: 'server/src/room/planted.ts', text: "// import Fastify from 'fastify' has no place here\nexport const one = 1;\n" },
  { name: 'a longer comment that tells of one', file: 'server/src/room/planted.ts', text: "/**\n * import Fastify from 'fastify';\n */\nexport const one = 1;\n" },
  { name: 'a string that looks like an import', file: 'server/src/room/planted.ts', text: 'export const one = "import Fastify from \'fastify\'";\n' },
  { name: 'a comment that tells of a late import and of the environment', file: 'server/src/room/planted.ts', text: "// import('fastify') and process.env are for others\nexport const one = 1;\n" },
  { name: 'a template whose line begins like an import', file: 'server/src/room/planted.ts', text: "export const one = `\nimport Fastify from 'fastify';\n`;\n" },
  { name: 'Node, where there is one', file: 'server/src/room/planted.ts', text: "import { createHmac } from 'node:crypto';\nexport const hmac = createHmac;\n" },
  { name: 'what stands below', file: 'server/src/http/planted.ts', text: "export type { Room } from '../room/room.ts';\n" },
];
