import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { ROOT } from '../../dev/places.ts';
import { runHere } from './workflows/lists.ts';
import { type Program, programsOf, readWorkflows } from './workflows/read.ts';
import { openRepository, type Repository } from './workflows/repository.ts';
import { CHANGELOG, digest, IMAGE, KUSTOMIZATION, overlay, release } from './workflows/samples.ts';

// Many small processes, on a machine that may be busy.
t.setTimeout(120_000);

const programs = new Map(programsOf(await readWorkflows()).map((program) => [program.at, program]));
const ran = new Set<string>();
function program(at: string): Program {
  const found = programs.get(at);
  if (!found) throw new Error(`There is no step »${at}«`);
  ran.add(at);
  return found;
}

const open = new Set<Repository>();
t.afterEach(async () => {
  for (const one of open) await one.close();
  open.clear();
});

async function repository(more: Record<string, string> = {}): Promise<Repository> {
  const one = await openRepository({ ...release('1.2.3'), [overlay('gke-free')]: KUSTOMIZATION, [overlay('gke-prod')]: KUSTOMIZATION, ...more });
  open.add(one);
  return one;
}

t.test('a release says what the changelog says of its version, and of no other', async (t) => {
  const { step, temp } = await repository();
  const { code, said, outputs } = await step(program('release/read: read what the changelog says of it'), { GITHUB_REF_NAME: 'v1.2.3' });
  t.match({ code, outputs }, { code: 0, outputs: { version: '1.2.3', prerelease: 'false' } }, said);
  t.equal((await step(program('release/publish: write the notes'), { GITHUB_REF_NAME: 'v1.2.3' })).code, 0);
  t.equal(await readFile(path.join(temp, 'notes.md'), 'utf8'), '### Fixed\n- A word that was lost.\n- A second one.\n');
});

t.test('a tag is refused that is no version, or of which the files know nothing', async (t) => {
  const { step, write } = await repository();
  const asked = (tag: string) => step(program('release/read: read what the changelog says of it'), { GITHUB_REF_NAME: tag });
  for (const tag of ['v1.2', '1.2.3', 'v01.2.3', 'v1.2.3+build', 'v1.2.3-', 'v1.2.3-rc..1', 'v1.2.3;true', 'v']) t.match(await asked(tag), { code: 1, said: /is no version/, outputs: {} }, tag);
  t.match(await asked('v1.2.2'), { code: 1, said: /package\.json is of another version/ });
  await write({ Dockerfile: 'LABEL org.opencontainers.image.version="1.2.2"\n' });
  t.match(await asked('v1.2.3'), { code: 1, said: /Dockerfile is of another version/ });
  await write(release('1.2.3', CHANGELOG.replace(/### Fixed[\s\S]*?(?=## 1\.2\.2)/, '')));
  t.match(await asked('v1.2.3'), { code: 1, said: /says nothing of 1\.2\.3/ });
  await write(release('2.0.0-rc.1', CHANGELOG.replace('## 1.2.3 -', '## [2.0.0-rc.1] -')));
  t.match(await asked('v2.0.0-rc.1'), { code: 0, outputs: { version: '2.0.0-rc.1', prerelease: 'true' } });
});

t.test('a tag is released that stands on main, and no other', async (t) => {
  const { step, git } = await repository();
  const asked = () => step(program('release/read: see that the tag stands on main'));
  t.equal((await asked()).code, 0);
  await git('commit', '--quiet', '--allow-empty', '--message', 'beside main');
  t.match(await asked(), { code: 1, said: /not on main/ });
  t.match(await step(program('release/image: refuse a commit that has none')), { code: 1, said: /no image/ });
});

t.test('the newest image is proposed by its digest, and nothing else of the overlay changes', async (t) => {
  const { step, git, origin, read } = await repository();
  const before = await git('rev-parse', 'HEAD');
  const propose = (of: string) => step(program('image/propose: commit the image into the overlay'), { IMAGE, DIGEST: digest(of) });
  t.match(await propose('a'), { code: 0, outputs: { branch: 'image/gke-free', changed: 'true' } });
  t.equal(await read(overlay('gke-free')), KUSTOMIZATION.replace(/newName: registry.*\n.*0\.1\.0/, `newName: ${IMAGE}\n    digest: ${digest('a')}`));
  t.same((await origin('diff', '--name-only', 'main', 'image/gke-free')).split('\n'), [overlay('gke-free')]);
  t.equal(await origin('rev-parse', 'main'), before, 'main waits for somebody to merge it');

  await git('switch', '--quiet', 'main');
  t.match(await propose('b'), { code: 0, outputs: { changed: 'true' } }, 'a newer one stands in its place');
  t.equal(await origin('rev-list', '--count', 'main..image/gke-free'), '1');
  await git('push', '--quiet', 'origin', 'image/gke-free:main');
  t.match(await propose('b'), { code: 0, said: /runs this image already/, outputs: { changed: 'false' } });
});

t.test('what is no digest, has a tag or stands nowhere in the overlay is refused, and the file stays', async (t) => {
  const { step, read, write } = await repository();
  const propose = (image: string, of: string) => step(program('image/propose: commit the image into the overlay'), { IMAGE: image, DIGEST: of });
  for (const bad of ['', 'latest', 'sha256:abc', `${digest('a')}\n  - name: more`]) t.match(await propose(IMAGE, bad), { code: 1, said: /is no digest/ });
  for (const bad of [`${IMAGE}:latest`, 'aside', 'a b/c', `${IMAGE}@x`]) t.match(await propose(bad, digest('a')), { code: 1, said: /is no repository/ });
  t.equal(await read(overlay('gke-free')), KUSTOMIZATION);
  await write({ [overlay('gke-free')]: KUSTOMIZATION.replace('name: aside\n    newName', 'name: other\n    newName') });
  t.match(await propose(IMAGE, digest('a')), { code: 1, said: /has no entry »- name: aside«/ });
});

t.test('every overlay of ours that has an image of ours can be given one', async (t) => {
  const overlays = await Array.fromAsync(glob('k8s/overlays/gke-*/kustomization.yaml', { cwd: ROOT }));
  const { git, read, step } = await repository(Object.fromEntries(await Promise.all(overlays.map(async (file) => [file, await readFile(path.join(ROOT, file), 'utf8')]))));
  for (const file of overlays) {
    const [given, name] = [parse(await read(file)), path.basename(path.dirname(file))];
    const propose = program('image/propose: commit the image into the overlay');
    t.match(await step({ ...propose, run: propose.run.replace('gke-free', name) }, { IMAGE, DIGEST: digest('c') }), { code: 0 }, name);
    const images = given.images.map(({ newTag, ...image }: { name: string; newTag?: string }) => (image.name === 'aside' ? { name: 'aside', newName: IMAGE, digest: digest('c') } : { ...image, ...(newTag ? { newTag } : {}) }));
    t.same(parse(await read(file)), { ...given, images }, name);
    await git('switch', '--quiet', 'main');
  }
});

t.test('production follows a release by a commit, goes back by another one, and main knows nothing of it', async (t) => {
  const { step, git, origin, commit } = await repository();
  const move = async (tag: string, of: string) => {
    t.match(await step(program('release/promote: move the branch that production follows'), { GITHUB_REF_NAME: tag, IMAGE, SOURCE: `elsewhere.example/aside@${digest(of)}`, VERSION: tag.slice(1) }), { code: 0 }, tag);
    return origin('rev-parse', 'production');
  };
  await git('tag', 'v1.0.0');
  await commit('a second release');
  await git('tag', 'v1.1.0');
  await git('push', '--quiet', '--tags', 'origin');
  const main = await origin('rev-parse', 'main');

  const first = await move('v1.0.0', 'a');
  const second = await move('v1.1.0', 'b');
  const third = await move('v1.0.0', 'a');
  t.equal(await origin('rev-list', '--parents', '-1', third), `${third} ${second}`, 'nothing is rewritten');
  t.equal(await origin('rev-list', '--parents', '-1', second), `${second} ${first}`);
  t.match(await origin('log', '-1', '--format=%B', second), `k8s: run v1.1.0 in production\n\nMade from ${await git('rev-parse', 'v1.1.0')}.`);
  t.equal(await origin('ls-tree', '--name-only', second), 'k8s');
  t.same((await origin('diff', '--name-only', 'v1.1.0:k8s', `${second}:k8s`)).split('\n'), ['overlays/gke-prod/kustomization.yaml']);
  t.match(parse(await origin('show', `${third}:${overlay('gke-prod')}`)), { images: [{ name: 'postgres', newTag: '18' }, { name: 'aside', newName: IMAGE, digest: digest('a') }] });
  t.equal(await origin('rev-parse', 'main'), main);
});

t.test('a plan is shown with what it would do, and only a plan that would do the same is applied', async (t) => {
  const { step, temp } = await repository();
  // By Terraform 1.11.4: one resource made, one changed, one ended, one kept.
  const recorded = path.join(import.meta.dirname, 'workflows');
  const [text, plan] = [await readFile(path.join(recorded, 'plan.txt'), 'utf8'), JSON.parse(await readFile(path.join(recorded, 'plan.json'), 'utf8'))];
  const show = async (one: object, words = text, at = 'terraform/plan: show the plan') => {
    await mkdir(temp, { recursive: true });
    await writeFile(path.join(temp, 'plan.txt'), words);
    await writeFile(path.join(temp, 'plan.json'), JSON.stringify(one));
    const shown = await step(program(at), { ENVIRONMENT: 'staging' });
    t.equal(shown.code, 0, shown.said);
    return shown;
  };
  const read = await show(plan);
  t.match(read.summary, /^### staging: 1 to create, 1 to change, 1 to destroy\n/);
  t.match(read.summary, `\`${read.outputs.digest}\``);
  t.match(read.summary, /\n````\nTerraform used[\s\S]+\n````\n/, 'in a fence longer than any in it');
  t.equal(read.outputs.changed, 'true');

  const moved = structuredClone(plan);
  for (const { change } of moved.resource_changes) change.before = { id: 'as it stood at another time' };
  t.equal((await show(moved, text, 'terraform/apply: show the plan')).outputs.digest, read.outputs.digest, 'what is there already makes no other plan');
  const other = structuredClone(plan);
  other.resource_changes.find(({ address }: { address: string }) => address === 'terraform_data.changed').change.after.input = '3';
  const unread = (await show(other)).outputs.digest;
  t.not(unread, read.outputs.digest);
  const compare = (planned = '') => step(program('terraform/apply: see that it is the plan that was read'), { PLANNED: planned, READ: read.outputs.digest ?? '', ENVIRONMENT: 'staging' });
  t.match(await compare(read.outputs.digest), { code: 0 });
  t.match(await compare(unread), { code: 1, said: /another plan/ });

  const idle = { ...plan, resource_changes: plan.resource_changes.map((one: { change: object }) => ({ ...one, change: { ...one.change, actions: ['no-op'] } })), output_changes: {} };
  t.match(await show(idle), { summary: /nothing to do/, outputs: { changed: 'false' } });
  t.ok((await show(plan, 'x'.repeat(2_000_000))).summary.length < 1_000_000, 'a page takes no more than a mebibyte');
});

t.test('the small ones do what their names say', async (t) => {
  const { step, read, git } = await repository();
  for (const job of ['image/publish', 'release/image', 'release/promote']) {
    t.match(await step(program(`${job}: tell the registry's host from its name`), { IMAGE, VERSION: '1.2.3' }), { code: 0, outputs: { host: 'europe-docker.pkg.dev' } });
  }
  const which = (BEFORE: string, BUILT: string) => step(program('image/publish: say which image it is'), { BEFORE, BUILT, IMAGE });
  t.match(await which('', digest('a')), { outputs: { digest: digest('a') } });
  t.match(await which(digest('b'), ''), { outputs: { digest: digest('b') } }, 'one that was pushed before is not built again');

  const system = path.join(await git('rev-parse', '--absolute-git-dir'), 'system');
  t.match(await step(program('check/everything: trust the folder, which another user owns'), { GIT_CONFIG_SYSTEM: system, GIT_CONFIG_NOSYSTEM: '0' }), { code: 0 });
  t.match(await read('.git/system'), /\[safe\]\n\tdirectory = \/.+\/clone\n/);
});

t.test('all of this was run', (t) => {
  t.same([...ran].sort(), [...runHere].sort());
  t.end();
});
