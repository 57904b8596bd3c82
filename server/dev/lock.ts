import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { run } from './run.ts';

/** Makes this process the only one that starts Aside from its folder, or says who is; opens with its release. */
export async function claim(file: string): Promise<() => Promise<void>> {
  const mine = `${file}.${process.pid}`;
  await writeFile(mine, `${process.pid} ${await bornAt(process.pid)}`);
  try {
    // A link appears whole or not at all, so nobody reads half a claim.
    while (!(await makeLink(mine, file))) await makeWay(file);
    return () => rm(file, { force: true });
  } finally {
    await rm(mine, { force: true });
  }
}

async function makeLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function makeWay(file: string): Promise<void> {
  const [pid = '', born = ''] = (await readFile(file, 'utf8').catch(() => '')).split(/ (.*)/s);
  if (born && (await bornAt(Number(pid))) === born) {
    throw new Error(`Aside already runs from this folder (process ${pid}): open it in the browser, or stop it first with Ctrl-C there or \`kill ${pid}\`.`);
  }
  await rm(file, { force: true });
}

/** A number is given to another process after a reboot, a number with a time of birth is not. */
async function bornAt(pid: number): Promise<string> {
  if (process.platform !== 'linux') return (await run('ps', ['-p', String(pid), '-o', 'lstart='])).output.trim();
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  // The name in brackets may hold blanks; the time of birth is the 20th field after it.
  const born = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return born ? `${boot} ${born}` : '';
}
