import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import { parse, parseAllDocuments } from 'yaml';
import { ROOT } from '../../dev/places.ts';
import { findKustomize } from '../../dev/programs.ts';
import { run } from '../../dev/run.ts';

export type Labels = Record<string, string>;
export type PodSpec = NonNullable<NonNullable<IDeployment['spec']>['template']['spec']>;
export type Container = PodSpec['containers'][number];

/** One manifest, as far as all of them are alike. */
export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels; annotations?: Labels };
  data?: Labels;
  // biome-ignore lint/suspicious/noExplicitAny: each kind's own; their types and schemas are asked in another test.
  spec?: any;
};

/** What one `kubectl apply` or one Application would bring. */
export type Cluster = { name: string; overlay: string; manifests: Manifest[] };
/** Something that makes pods, ours to look at. */
export type Workload = { kind: string; name: string; component: string; labels: Labels; pod: PodSpec; manifest: Manifest };

const K8S = path.join(ROOT, 'k8s');

export async function build(dir: string): Promise<Manifest[]> {
  const program = (await findKustomize()) ?? 'kustomize';
  const { code, output } = await run(program, [path.basename(program) === 'kustomize' ? 'build' : 'kustomize', dir]);
  if (code !== 0) throw new Error(output);
  return parseAllDocuments(output).map((one) => one.toJS() as Manifest);
}

/** What the largest overlay has by a line, or does not while the line is a comment. */
type Switch = { component: string; on: boolean };

/** The three overlays, and the largest with each of its switches turned, by the line that turns it. */
export async function buildAll(): Promise<Cluster[]> {
  const prod = async (k8s: string): Promise<Manifest[]> => [...(await build(path.join(k8s, 'overlays/gke-prod/ground'))), ...(await build(path.join(k8s, 'overlays/gke-prod')))];
  const clusters = [
    { name: 'local', overlay: 'local', manifests: await build(path.join(K8S, 'overlays/local')) },
    { name: 'gke-free', overlay: 'gke-free', manifests: await build(path.join(K8S, 'overlays/gke-free')) },
    { name: 'gke-prod', overlay: 'gke-prod', manifests: await prod(K8S) },
  ];
  for (const { component, on } of await findSwitches()) {
    // One of the two: the other's line turns both.
    if (component === 'memorystore') continue;
    await withCopy(async (copy) => {
      await turn(copy, component, !on);
      if (component === 'redis') await turn(copy, 'memorystore', false);
      clusters.push({ name: `gke-prod ${on ? 'without' : 'with'} ${component}`, overlay: 'gke-prod', manifests: await prod(copy) });
    });
  }
  return clusters;
}

/** What Terraform does not print for who has not got it. */
const SITE: Readonly<Record<string, string>> = { armor: 'SECURITY_POLICY=aside\n', memorystore: 'REDIS_CIDR=10.10.1.3/32\n' };

async function turn(k8s: string, component: string, on: boolean): Promise<void> {
  const [off, line] = [`# - ../../components/${component}\n`, `- ../../components/${component}\n`];
  await change(path.join(k8s, 'overlays/gke-prod/kustomization.yaml'), on ? off : line, on ? line : off);
  const said = SITE[component];
  if (said && !on) await change(path.join(k8s, 'overlays/gke-prod/site/site.env'), said, '');
}

async function findSwitches(): Promise<Switch[]> {
  const text = await readFile(path.join(K8S, 'overlays/gke-prod/kustomization.yaml'), 'utf8');
  const [, lines = ''] = text.split('# Switches');
  return [...lines.matchAll(/^ *(# )?- \.\.\/\.\.\/components\/(.+)$/gm)].map(([, off, component = '']) => ({ component, on: off === undefined }));
}

/** A copy of `k8s` that may be changed. */
export async function withCopy<T>(use: (k8s: string) => Promise<T>): Promise<T> {
  const copy = await mkdtemp(path.join(tmpdir(), 'aside-k8s-'));
  try {
    await cp(K8S, copy, { recursive: true });
    return await use(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

export async function change(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not say “${from.trim()}” any more`);
  await writeFile(file, text.replaceAll(from, to));
}

export async function readManifest(file: string): Promise<Manifest> {
  return parse(await readFile(path.join(K8S, file), 'utf8')) as Manifest;
}

export function workloadsOf({ manifests }: Cluster): Workload[] {
  return manifests.filter(({ spec }) => spec?.template?.spec?.containers).map((manifest) => {
    const labels: Labels = manifest.spec.template.metadata?.labels ?? {};
    return { kind: manifest.kind, name: manifest.metadata.name, component: labels['app.kubernetes.io/component'] ?? '', labels, pod: manifest.spec.template.spec, manifest };
  });
}

export function find({ manifests }: Cluster, kind: string, name: string): Manifest {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (!found) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

/** What a container is given besides its image's own, ConfigMaps included. */
export function environmentOf(cluster: Cluster, { env = [], envFrom = [] }: Container): Labels {
  const shared = envFrom.map(({ configMapRef }) => find(cluster, 'ConfigMap', configMapRef?.name ?? '').data ?? {});
  return Object.assign({}, ...shared, Object.fromEntries(env.map(({ name, value = '' }) => [name, value])));
}

/** Bytes of `64Mi`, or cores of `250m`. */
export function amountOf(quantity: string | number | undefined): number {
  const [, number = 'NaN', unit = ''] = /^([\d.]+)(m|k|M|G|Ki|Mi|Gi)?$/.exec(String(quantity)) ?? [];
  return Number(number) * ({ m: 1e-3, k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 }[unit] ?? 1);
}
