import { ConfigError, readConfig } from './config.ts';
import { OpsError } from './ops/refusal.ts';

/** The operator's command: `pnpm ops <command>`, in the image `node server/src/ops.ts <command>`. */
const commands: Readonly<Record<string, (args: string[]) => Promise<boolean>>> = {
  check: async () => (await import('./ops/check.ts')).check(readConfig(process.env), say),
  migrate: async () => (await import('./ops/migrate.ts')).migrateOnce(readConfig(process.env).DATABASE_URL, say),
  doctor: async () => (await import('./ops/doctor.ts')).examine(readConfig(process.env), say),
  erasures: async () => (await import('./ops/erasures.ts')).tellErasures(readConfig(process.env).DATABASE_URL, say),
  'erase-again': async (args) => (await import('./ops/erasures.ts')).eraseAgain(readConfig(process.env).DATABASE_URL, args, say),
  backup: async (args) => (await import('./ops/backup.ts')).backup(readConfig(process.env).DATABASE_URL, args, say),
  restore: async (args) => (await import('./ops/restore.ts')).restore(readConfig(process.env).DATABASE_URL, args, say),
};

try {
  const command = commands[process.argv[2] ?? ''];
  if (!command) throw new OpsError('no_command', `The command is one of ${Object.keys(commands).join(', ')}.`);
  process.exitCode = (await command(process.argv.slice(3))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof OpsError ? `${error.code}: ${error.message}` : error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
