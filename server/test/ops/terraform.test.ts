import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from '@cdktf/hcl-tools';
import { parse } from '@cdktf/hcl2json';
import t from 'tap';
import { ROOT } from '../../dev/places.ts';
import { run } from '../../dev/run.ts';

// Two parsers in WebAssembly, on a machine that may be busy.
t.setTimeout(120_000);

type Bodies = Record<string, Record<string, unknown>[]>;
type Parsed = { resource?: Record<string, Bodies>; variable?: Bodies; output?: Bodies };

const HOME = path.join(ROOT, 'terraform');
const texts = await textsOf('{*.tf,env/*.tfvars,tests/**/*.hcl}');
const whole = await parse('terraform.tf', [...texts].filter(([file]) => file.endsWith('.tf')).map(([, text]) => text).join('\n')) as Parsed;
const variables = Object.entries(whole.variable ?? {}).map(([name, [body = {}]]) => ({ name, body }));
const resources = Object.entries(whole.resource ?? {}).flatMap(([type, named]) => Object.entries(named).map(([name, [body = {}]]) => ({ type, name, body })));

t.test('every file parses', async (t) => {
  t.ok(texts.size >= 25, `only ${texts.size} files were found`);
  for (const [file, text] of texts) t.ok(await parse(file, text).catch(() => null), file);
});

t.test('every file is formatted as terraform fmt does it', async (t) => {
  const { code, output, error } = await run('terraform', ['fmt', '-check', '-recursive', '-no-color', HOME]);
  if (error === null) t.equal(code, 0, output);
  for (const [file, text] of texts) t.equal(await format(text), text, file);
});

t.test('every variable is described, typed and, where a value can be wrong, validated', async (t) => {
  t.ok(variables.length >= 25, `only ${variables.length} variables were found`);
  for (const { name, body } of variables) {
    t.ok(typeof body.description === 'string' && body.description.length > 10, `${name} is not described`);
    t.ok(body.type, `${name} has no type`);
    // Of a bool nothing is wrong that its type lets pass.
    if (!/\bbool\b/.test(String(body.type))) t.ok(Array.isArray(body.validation) && body.validation.length > 0, `${name} takes any value`);
  }
});

t.test('every output is described', (t) => {
  for (const [name, [body = {}]] of Object.entries(whole.output ?? {})) t.ok(typeof body.description === 'string', name);
  t.end();
});

t.test('every alert leads to a runbook that is there', async (t) => {
  const named = [...(texts.get('alerts.tf') ?? '').matchAll(/runbook\s+=\s+"([^"]+)"/g)].map(([, name]) => name);
  t.ok(named.length >= 5);
  for (const name of new Set(named)) t.ok(existsSync(path.join(ROOT, `docs/runbooks/${name}.md`)), `${name}`);
});

t.test('an environment names variables that there are, and all that have no default', async (t) => {
  const known = new Set(variables.map(({ name }) => name));
  const needed = variables.filter(({ body }) => !('default' in body)).map(({ name }) => name);
  for (const environment of ['dev', 'staging', 'prod']) {
    const file = `env/${environment}.tfvars`;
    const given = await parse(file, texts.get(file) ?? '') as Record<string, unknown>;
    t.equal(given.environment, environment);
    t.same(Object.keys(given).filter((name) => !known.has(name)), [], `${file} names what is not there`);
    t.same(needed.filter((name) => !(name in given)), [], `${file} lacks what is needed`);
  }
});

t.test('whatever can say whose it is says so', (t) => {
  const labelled = resources.filter(({ type }) => type in LABELS);
  t.ok(labelled.length >= 20, `only ${labelled.length} were found`);
  for (const { type, name, body } of labelled) t.match(JSON.stringify(body), new RegExp(`"${LABELS[type]}":"\\$\\{local\\.labels\\}"`), `${type}.${name}`);
  t.end();
});

t.test('a resource is of a kind whose labels are known here', (t) => {
  t.same(resources.filter(({ type }) => !(type in LABELS) && !BARE.has(type)).map(({ type, name }) => `${type}.${name}`), []);
  t.end();
});

t.test('the provider is pinned to one version', (t) => {
  t.match(texts.get('versions.tf'), /source += "hashicorp\/google"\n +version += "\d+\.\d+\.\d+"/);
  t.match(texts.get('versions.tf'), /backend "gcs" \{\}/);
  t.end();
});

t.test('no file holds a secret', (t) => {
  for (const [file, text] of texts) t.notMatch(text, /-----BEGIN|ya29\.|AIza[\w-]{35}|ghp_\w{36}/, file);
  for (const { type, name, body } of resources) t.notOk('secret_data' in body || 'password' in body, `${type}.${name} writes a secret into the state`);
  t.end();
});

/** What an argument for labels is called, by the kind of resource. */
const LABELS: Record<string, string> = {
  google_artifact_registry_repository: 'labels',
  google_certificate_manager_certificate: 'labels',
  google_certificate_manager_certificate_map: 'labels',
  google_certificate_manager_certificate_map_entry: 'labels',
  google_certificate_manager_dns_authorization: 'labels',
  google_compute_address: 'labels',
  google_compute_disk: 'labels',
  google_compute_global_address: 'labels',
  google_compute_instance: 'labels',
  google_compute_resource_policy: 'labels',
  google_container_cluster: 'resource_labels',
  google_container_node_pool: 'resource_labels',
  google_dns_managed_zone: 'labels',
  google_monitoring_alert_policy: 'user_labels',
  google_monitoring_notification_channel: 'user_labels',
  google_monitoring_uptime_check_config: 'user_labels',
  google_pubsub_subscription: 'labels',
  google_pubsub_topic: 'labels',
  google_redis_instance: 'labels',
  google_secret_manager_secret: 'labels',
  google_sql_database_instance: 'user_labels',
  google_storage_bucket: 'labels',
};

/** Kinds that take none. */
const BARE = new Set([
  'google_artifact_registry_repository_iam_member', 'google_billing_budget', 'google_compute_disk_resource_policy_attachment', 'google_compute_firewall',
  'google_compute_instance_iam_member', 'google_compute_network', 'google_compute_router', 'google_compute_router_nat', 'google_compute_security_policy',
  'google_compute_ssl_policy', 'google_compute_subnetwork', 'google_dns_record_set', 'google_iam_workload_identity_pool', 'google_iam_workload_identity_pool_provider',
  'google_iap_tunnel_instance_iam_member', 'google_project_iam_member', 'google_project_service', 'google_pubsub_topic_iam_member',
  'google_secret_manager_secret_iam_member', 'google_secret_manager_secret_version', 'google_service_account', 'google_service_account_iam_member',
  'google_service_networking_connection', 'google_sql_database', 'google_sql_user', 'google_storage_bucket_iam_member',
]);

async function textsOf(pattern: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const file of glob(pattern, { cwd: HOME })) found.set(file, await readFile(path.join(HOME, file), 'utf8'));
  return found;
}
