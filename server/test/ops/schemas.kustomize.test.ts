import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv } from 'ajv';
import t from 'tap';
import { parse } from 'yaml';
import { ROOT } from '../../dev/places.ts';
import { run } from '../../dev/run.ts';
import { build, buildAll, type Manifest, readManifest } from './kustomize.ts';
import { findModel } from './models.ts';

t.setTimeout(120_000);
const SCHEMAS = path.join(ROOT, 'server/test/ops/schemas');
/** Not the program beside it: what tap puts before every Node cannot load a file without an ending. */
const TSC = path.join(ROOT, 'node_modules/typescript/lib/tsc.js');
const kindOf = ({ apiVersion, kind }: Manifest): string => `${apiVersion} ${kind}`;
const clusters = await buildAll();
const argocd = [await readManifest('argocd/root.yaml'), ...(await build(path.join(ROOT, 'k8s/argocd/apps')))];
/** Each manifest once, however many clusters have it. */
const all = [...new Map([...clusters.flatMap(({ manifests }) => manifests), ...argocd].map((one) => [JSON.stringify(one), one])).values()];
const own: Record<string, object> = { 'monitoring.googleapis.com/v1 PodMonitoring': JSON.parse(await readFile(path.join(SCHEMAS, 'podmonitoring.json'), 'utf8')) };
const notValidated: Record<string, string> = parse(await readFile(path.join(SCHEMAS, 'not-validated.yaml'), 'utf8'));

function faultsOf(manifest: Manifest): string[] {
  const model = findModel(manifest.apiVersion, manifest.kind);
  const schema = own[kindOf(manifest)];
  if (schema) {
    const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
    return ajv.validate(schema, { ...manifest }) ? [] : [`${manifest.metadata.name}: ${ajv.errorsText()}`];
  }
  try {
    if (model) new model.Model(manifest).validate();
    return [];
  } catch (error) {
    return [`${kindOf(manifest)} ${manifest.metadata.name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Names of fields: schemas let unknown ones pass, the compiler does not. */
async function compile(manifests: readonly Manifest[]): Promise<string[]> {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-manifests-'));
  try {
    await symlink(path.join(ROOT, 'node_modules'), path.join(dir, 'node_modules'));
    const typed = manifests.flatMap((manifest) => {
      const model = findModel(manifest.apiVersion, manifest.kind);
      return model ? [{ module: model.module, manifest }] : [];
    });
    const modules = [...new Set(typed.map(({ module }) => module))];
    const lines = [
      ...modules.map((module, at) => `import type * as m${at} from '${module}';`),
      ...typed.map(({ module, manifest }) => `(${JSON.stringify(manifest)}) satisfies m${modules.indexOf(module)}.I${manifest.kind};`),
    ];
    await writeFile(path.join(dir, 'manifests.ts'), lines.join('\n'));
    await writeFile(path.join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions: { target: 'esnext', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, types: [] }, files: ['manifests.ts'] }));
    await writeFile(path.join(dir, 'package.json'), '{"type":"module"}');
    const { code, output, error } = await run(process.execPath, [TSC, '-p', dir, '--pretty', 'false']);
    const errors = output.split('\n').filter((line) => line.includes('error TS'));
    if (error || (code !== 0) !== errors.length > 0) throw error ?? new Error(output);
    return errors.map((line) => {
      const manifest = typed[Number(/\((\d+),/.exec(line)?.[1]) - 1 - modules.length]?.manifest;
      return `${manifest ? `${kindOf(manifest)} ${manifest.metadata.name}: ` : ''}${line.replace(/^.*error /, '')}`;
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

t.test('every manifest is what its kind’s published schema says, or its kind is named as one that nobody could check', (t) => {
  const kinds = [...new Set(all.map(kindOf))].sort();
  const known = (kind: string): boolean => kind in own || findModel(...(kind.split(' ') as [string, string])) !== null;
  t.same(kinds.filter((kind) => !known(kind)), Object.keys(notValidated).sort());
  for (const [kind, why] of Object.entries(notValidated)) t.comment(`not validated: ${kind}: ${why}`);
  t.same(all.flatMap(faultsOf), []);
  t.ok(all.length > 60);
  t.end();
});

t.test('no manifest has a field that its kind does not know', async (t) => {
  t.same(await compile(all), []);
});

t.test('what is wrong in a manifest is seen', async (t) => {
  const broken = (kind: string, wrong: (copy: Manifest) => void): Manifest => {
    const copy = structuredClone(all.find((one) => one.kind === kind)) as Manifest;
    wrong(copy);
    return copy;
  };
  const wrongValues = [
    broken('Deployment', ({ spec }) => { spec.minReadySeconds = 'five'; }),
    broken('GCPBackendPolicy', ({ spec }) => { spec.default.timeoutSec = 0; }),
    broken('HTTPRoute', ({ spec }) => { spec.rules[0].matches = [{ path: { type: 'Prefix', value: '/' } }]; }),
    broken('PodMonitoring', ({ spec }) => { spec.endpoints[0].prot = 'inner'; }),
  ];
  t.same(wrongValues.map((one) => faultsOf(one).length), [1, 1, 1, 1]);
  const unknownFields = [
    broken('Deployment', ({ spec }) => { spec.template.spec.terminationGracePeriod = 45; }),
    broken('NetworkPolicy', ({ spec }) => { spec.policyType = ['Egress']; }),
    broken('GCPBackendPolicy', ({ spec }) => { spec.default.timeoutSeconds = 86_400; }),
    broken('BackendConfig', ({ spec }) => { spec.timeout = 86_400; }),
    broken('ExternalSecret', ({ spec }) => { spec.refresh = '1h'; }),
    broken('Rollout', ({ spec }) => { spec.strategy.canary.step = []; }),
    broken('Application', ({ spec }) => { spec.syncPolicy.automated.heal = true; }),
  ];
  const seen = await compile(unknownFields);
  t.same(unknownFields.map(({ kind }) => seen.some((line) => line.includes(` ${kind} `))), unknownFields.map(() => true));
});
