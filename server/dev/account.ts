import { run } from './run.ts';

/** Whom the database runs as. */
export type Account = { uid: number; gid: number; name: string };

/** PostgreSQL refuses to run as root, so root lends the database to a user that exists; anybody else runs it as themselves. */
export async function findAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const account = await lookUp(name);
    if (account) return account;
  }
  throw new Error('PostgreSQL does not run as root and there is no user "postgres" or "nobody" here: start as a plain user, or set DATABASE_URL.');
}

async function lookUp(name: string): Promise<Account | null> {
  const [uid, gid] = await Promise.all([numberOf(['-u', name]), numberOf(['-g', name])]);
  return uid !== null && gid !== null ? { uid, gid, name } : null;
}

async function numberOf(args: string[]): Promise<number | null> {
  const { code, output } = await run('id', args);
  return code === 0 && /^[1-9]\d*$/.test(output.trim()) ? Number(output) : null;
}
