import { readCompose } from '../../compose.ts';
import path from 'node:path';
import { acts } from './play.ts';

/** The part of the proof that runs in a network of its own. One line for each act; the first that fails is the last. */
const [given = '{}'] = process.argv.slice(2);
const { clone, env, ...rest } = JSON.parse(given);
const compose = await readCompose(path.join(clone, 'compose.yaml'), env);
const play = acts({ ...rest, clone, env, compose });
let failed = false;
for (const [name, act] of Object.entries(play.acts)) {
  const outcome = await act().catch((error: Error) => error);
  failed = outcome instanceof Error;
  process.stdout.write(failed ? `✗ ${name}: ${(outcome as Error).message.replaceAll('\n', ' / ')}\n` : `✓ ${name}: ${outcome}\n`);
  if (failed) break;
}
await play.close().catch((error: Error) => process.stderr.write(`${error.message}\n`));
process.exit(failed ? 1 : 0);
