import { ConfigError, readConfig, readSome } from './config.ts';
import { OpsError } from './ops/refusal.ts';

/** The operator's command: `pnpm ops <command>`, in the image `node server/src/ops.ts <command>`. Each says whether all is well. */
const commands: Readonly<Record<string, (args: string[]) => Promise<boolean>>> = {
  check: async () => (await import('./ops/check.ts')).check(readConfig(process.env), say),
  doctor: async () => (await import('./ops/doctor.ts')).examine(readConfig(process.env), say),
  migrate: async () => (await import('./ops/migrate.ts')).migrateOnce(database(), say),
  backup: async (args) => (await import('./ops/backup.ts')).backup(database(), args, say),
  restore: async (args) => (await import('./ops/restore.ts')).restore(database(), args, say),
  erasures: async () => (await import('./ops/erasures.ts')).tellErasures(database(), say),
  'erase-again': async (args) => (await import('./ops/erasures.ts')).eraseAgain(database(), args, say),
  canary: async () => (await import('./ops/canary.ts')).runCanary(process.env).then(() => true),
};

try {
  const command = commands[process.argv[2] ?? ''];
  if (!command) throw new OpsError('no_command', `The command is one of ${Object.keys(commands).join(', ')}.`);
  process.exitCode = (await command(process.argv.slice(3))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof OpsError ? `${error.code}: ${error.message}` : error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

function database(): string {
  return readSome(process.env, ['DATABASE_URL']).DATABASE_URL;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
