import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openClusterBalancer } from '../../test/faults/balancer.ts';
import type { ClientRecord } from '../../test/faults/history.ts';
import { type Rolling, runRolling } from '../../test/faults/rolling.ts';
import { ROOT } from '../places.ts';
import type { Asked, Result } from '../proofs.ts';
import { buildWidget } from '../widget.ts';
import { judge } from './rolling.ts';

/** From SIGTERM to the end of the process. */
const ENDS_WITHIN_MS = 40_000;
/** What `preStop` gives the balancer to hear of it, and what a pod has to send its readers elsewhere: as `k8s/base` has it. */
const NOTICE_MS = 5_000;
const DRAIN_S = 25;
/** What a WebSocket says that ended without saying why (RFC 6455). */
const BROKEN = 1_006;
/** How long after the process the balancer may hear of it: a cluster does not wait. */
const LATE_MS = 2_000;
/** With three nodes so many that telling them takes all of `DRAIN_S`. */
const IDLE = 800;
/** Of a small share; said in its lines. */
const SHORT = { noticeMs: 1_000, drainSeconds: 6, idle: 0 };
const FULL = { noticeMs: NOTICE_MS, drainSeconds: DRAIN_S, idle: IDLE };
/** Longer than nobody says a word, shorter than a beat. */
const CUT_TUNNEL_MS = 5_000;

type Part = { name: string; rounds: number; roots?: readonly string[]; noticeMs?: number; passesOn?: boolean };
const plants = ['cut', 'tunnel', 'unheard', 'kill'];

/**
 * The promise: a version is rolled out behind a cluster's balancer, and back, and nobody notices. Nodes are replaced as pods are; with a balancer that hears
 * of it after them; then by those of the commit before, which meet a database that the new ones have changed. `DEPLOY_PREVIOUS` names another one; `DEPLOY_PART`
 * takes one part; `DEPLOY_PLANT` shows what the proof sees where a balancer ends the sockets of a node that is taken out (`cut`) or quiet ones (`tunnel`), hears of a stop only
 * seconds after the node and asks no other (`unheard`), or where a node does not wait for its readers (`kill`).
 */
export async function prove({ share, seed, clock, say }: Asked): Promise<Result> {
  await buildWidget(ROOT, new AbortController().signal);
  const small = share < 1;
  const plant = readPlant(process.env.DEPLOY_PLANT);
  const size = small ? SHORT : FULL;
  if (small) say(`a small share: pods are given ${SHORT.drainSeconds} s in place of ${DRAIN_S}, the balancer ${SHORT.noticeMs / 1_000} in place of ${NOTICE_MS / 1_000}`);
  await using stack = new AsyncDisposableStack();
  const before = await openPrevious(stack, say);
  const parts = listParts(before, small).filter(({ name }) => name.startsWith(process.env.DEPLOY_PART ?? ''));
  const told: { ok: boolean; count: number; figure: string }[] = [];
  for (const { name, passesOn = false, ...part } of parts) {
    say(`${name}:`);
    const run = await runRolling({
      seed, say, plant: plant === 'kill' ? 'kill' : null, ...size, ...part, clear: true, ...(plant === 'unheard' && { noticeMs: -8_000 }),
      balancer: (port, nodes) => openClusterBalancer(port, nodes, { cuts: plant === 'cut', passesOn, ...(plant === 'tunnel' && { tunnelMs: CUT_TUNNEL_MS }) }),
    });
    const { faults, figure } = judge(run, clock);
    const all = [...faults, ...findNoticed(run)];
    for (const fault of all.slice(0, 20)) say(`${name}: ${fault}`);
    told.push({ ok: all.length === 0, count: run.acknowledged + run.said.length, figure: `${name}: ${figure}; ${run.idle.length} idle readers; ${run.knocks.count.toLocaleString('en')} pages and answers asked for, ${run.knocks.failed.length} failed` });
  }
  return {
    ok: told.length > 0 && told.every(({ ok }) => ok),
    count: told.reduce((sum, { count }) => sum + count, 0),
    figure: `${told.map(({ figure }) => figure).join('. ')}${before ? `. The commit before: ${before.commit}` : '. The commit before is not in this clone: left out'}`,
  };
}

/** A small share only goes forward. */
function listParts(before: { root: string; commit: string } | null, small: boolean): Part[] {
  const back: Part[] = before ? [{ name: `from the commit before${small ? '' : ' and back'}`, rounds: small ? 1 : 2, roots: small ? [before.root, ROOT] : [before.root, ROOT, before.root] }] : [];
  if (small && before) return back;
  return [{ name: 'as pods', rounds: 1 }, ...(small ? [] : [{ name: 'heard late', rounds: 1, noticeMs: -LATE_MS, passesOn: true }]), ...back];
}

function readPlant(asked: string | undefined): string | null {
  if (asked === undefined || plants.includes(asked)) return asked ?? null;
  throw new Error(`DEPLOY_PLANT is "${asked}", and may be ${plants.join(', ')}`);
}

/** What a rollout may not show, besides what {@link judge} finds. */
export function findNoticed({ replacements, knocks, history, idle, pages }: Rolling): string[] {
  const clients = [...history.clients, ...idle];
  const resets = clients.flatMap(({ name, events }) => events.filter((event) => event.is === 'got' && event.frame.t === 'reset').map(() => `${name} was given its room anew`));
  return [
    ...replacements.filter(({ began, ended }) => ended - began > ENDS_WITHIN_MS).map(({ node, began, ended }) => `${node} ended ${Math.round(ended - began)} ms after it was told to`),
    ...knocks.failed.map((one) => `failed: ${one}`),
    ...resets,
    ...clients.flatMap(findBroken),
    ...pages.flatMap(({ ends }, i) => ends.filter(({ code }) => code === BROKEN).map(() => `page ${i + 1} lost its socket without a word, or was refused one`)),
  ];
}

function findBroken({ name, events }: ClientRecord): string[] {
  const ends = events.flatMap((event) => (event.is === 'closed' && event.code === BROKEN ? [event.socket] : []));
  return ends.map((end) => (events.some((event) => event.is === 'got' && event.socket === end) ? `${name} lost its socket without a word` : `${name} was refused a socket`));
}

/** A clone of the last commit before this one that changed what runs, with this one's packages. */
async function openPrevious(stack: AsyncDisposableStack, say: (line: string) => void): Promise<{ root: string; commit: string } | null> {
  const git = (...args: string[]): string | null => {
    const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : null;
  };
  const asked = process.env.DEPLOY_PREVIOUS;
  const [, commit = null] = asked ? ['', git('rev-parse', '--short=10', `${asked}^{commit}`)] : (git('log', '-2', '--format=%h', '--abbrev=10', '--', 'server/src', 'sql/migrations')?.split('\n') ?? []);
  if (!commit) {
    if (asked) throw new Error(`DEPLOY_PREVIOUS is "${asked}", and there is no such commit here.`);
    say('the commit before is not in this clone: left out');
    return null;
  }
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-before-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const root = path.join(dir, 'main');
  await mkdir(root);
  // Not a worktree: one that is killed would leave its name in this clone.
  const [whole, laid] = [spawnSync('git', ['archive', commit], { cwd: ROOT, maxBuffer: 1 << 30 }), (input: Buffer) => spawnSync('tar', ['-x'], { cwd: root, input })];
  if (whole.status !== 0 || laid(whole.stdout).status !== 0) throw new Error(`git cannot lay out ${commit}.`);
  for (const place of ['', 'server']) await symlink(path.join(ROOT, place, 'node_modules'), path.join(root, place, 'node_modules'));
  // One by one: its widget is made with its own contract, not with ours.
  const packages = path.join(root, 'widget/node_modules');
  await mkdir(path.join(packages, '@aside'), { recursive: true });
  await symlink(path.join(root, 'server'), path.join(packages, '@aside/server'));
  for (const name of await readdir(path.join(ROOT, 'widget/node_modules'))) if (!name.startsWith('.') && name !== '@aside') await symlink(path.join(ROOT, 'widget/node_modules', name), path.join(packages, name));
  await buildWidget(root, new AbortController().signal);
  const theirs = new Set(await readdir(path.join(root, 'sql/migrations')));
  const newer = (await readdir(path.join(ROOT, 'sql/migrations'))).filter((name) => !theirs.has(name));
  say(`the commit before is ${commit}${newer.length === 0 ? ', with the same migrations' : `, which does not know ${newer.join(', ')}`}`);
  return { root, commit };
}
