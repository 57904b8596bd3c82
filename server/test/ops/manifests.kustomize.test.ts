import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { ROOT } from '../../dev/places.ts';
import { readConfig, settings } from '../../src/config.ts';
import { amountOf, build, buildAll, type Cluster, change, type Container, environmentOf, find, type Labels, type Manifest, readManifest, type Workload, withCopy, workloadsOf } from './kustomize.ts';
import { passes, policiesOf, selects } from './policies.ts';

t.setTimeout(120_000);
const clusters = await buildAll();
const [local, free, prod] = clusters as [Cluster, Cluster, Cluster];
const prodIs = (how: string): Cluster => clusters.find(({ name }) => name === `gke-prod ${how}`) as Cluster;
const read = (file: string): Promise<string> => readFile(path.join(ROOT, file), 'utf8');
/** What is wrong anywhere, by the name of where. */
const faults = (look: (cluster: Cluster) => readonly (string | false | null | undefined)[]): string[] => clusters.flatMap((cluster) => look(cluster).filter((fault) => typeof fault === 'string').map((fault) => `${cluster.name}: ${fault}`));
const ofWorkloads = (look: (workload: Workload, cluster: Cluster) => readonly (string | false | null | undefined)[]) => faults((cluster) => workloadsOf(cluster).flatMap((workload) => look(workload, cluster).map((fault) => fault && `${workload.name}: ${fault}`)));
const ofContainers = (look: (container: Container, workload: Workload, cluster: Cluster) => readonly (string | false | null | undefined)[]) =>
  ofWorkloads((workload, cluster) => [...workload.pod.containers, ...(workload.pod.initContainers ?? [])].flatMap((container) => look(container, workload, cluster)));

const OURS = ['chat', 'stream', 'canary', 'migrate'];
const ROLES = ['chat', 'stream'];
const workload = (cluster: Cluster, component: string): Workload => {
  const found = workloadsOf(cluster).find((one) => one.component === component);
  if (!found) throw new Error(`${cluster.name} has no ${component}`);
  return found;
};
const server = (cluster: Cluster, role: string): Container => workload(cluster, role).pod.containers[0] as Container;
/** Until the server knows both; then their line of the next test asks them too. */
const COMING = ['EGRESS_URL', 'CHAT_URL'];
/** Read by Node itself. */
const NODES = ['NODE_EXTRA_CA_CERTS'];

t.test('every overlay builds, and the largest with each of its switches turned', async (t) => {
  t.same(clusters.map(({ name }) => name), ['local', 'gke-free', 'gke-prod', ...['without armor', 'without cdn', 'with redis', 'with spot', 'with rollouts', 'with mediamtx', 'with cloudnative-pg'].map((how) => `gke-prod ${how}`)]);
  t.same(faults(({ manifests }) => {
    const ids = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  }), [], 'nothing is in it twice');
  t.same(faults(({ manifests }) => manifests.map(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'aside' && `${kind} ${metadata.name} is elsewhere`)), []);
});

t.test('pods run as a number that is not root, can write nowhere but in /tmp, become nobody else, and have no token', async (t) => {
  t.same(ofWorkloads(({ pod, component }) => [
    !pod.securityContext?.runAsNonRoot && 'may be root',
    !((pod.securityContext?.runAsUser ?? 0) > 0 && (pod.securityContext?.runAsGroup ?? 0) > 0) && 'says no number',
    OURS.includes(component) && !(pod.securityContext?.runAsUser === 10001 && pod.securityContext.runAsGroup === 10001 && pod.securityContext.fsGroup === 10001) && 'is not the image’s own user',
    pod.securityContext?.seccompProfile?.type !== 'RuntimeDefault' && 'may make every system call',
    pod.automountServiceAccountToken !== false && 'has a token',
    pod.enableServiceLinks !== false && 'is given the addresses of its neighbours',
    pod.serviceAccountName !== 'aside' && 'is somebody else to Kubernetes',
    (pod.hostNetwork || pod.hostPID || pod.hostIPC) && 'is on the host',
    ...(pod.volumes ?? []).map((volume) => !('secret' in volume || 'configMap' in volume || 'emptyDir' in volume || 'projected' in volume) && `mounts ${volume.name}`),
  ]), []);
  t.same(ofContainers(({ name, securityContext: own }) => [
    own?.allowPrivilegeEscalation !== false && `${name} may become somebody else`,
    own?.readOnlyRootFilesystem !== true && `${name} may write where its program lies`,
    own?.capabilities?.drop?.join() !== 'ALL' && `${name} keeps capabilities`,
    // The one that `restricted` lets pass; Caddy's own file is not started without it.
    (own?.capabilities?.add ?? []).join() !== (name === 'caddy' ? 'NET_BIND_SERVICE' : '') && `${name} takes capabilities`,
    own?.privileged && `${name} is privileged`,
  ]), []);
  t.same(faults(({ manifests }) => [
    manifests.find(({ kind }) => kind === 'Namespace')?.metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted' && 'the namespace lets others in',
    ...manifests.map(({ kind, metadata }) => /^(Cluster)?Role(Binding)?$/.test(kind) && `${metadata.name} gives rights`),
    ...manifests.filter(({ kind }) => kind === 'ServiceAccount').map((account) => (account as { automountServiceAccountToken?: boolean }).automountServiceAccountToken !== false && `${account.metadata.name} hands out tokens`),
  ]), []);
});

t.test('the image is the same for every program of ours, and every image says which', async (t) => {
  t.same(ofContainers(({ image = '' }) => [!/^[^@:]+(:\d+)?(\/[^@:]+)*(:(?!latest$)[\w.-]*\d[\w.-]*|@sha256:[\da-f]{64})$/.test(image) && `${image} may be anything`]), []);
  t.same(faults((cluster) => {
    const images = new Set(workloadsOf(cluster).filter(({ component }) => OURS.includes(component)).map(({ pod }) => pod.containers[0]?.image));
    return [images.size !== 1 && [...images].join(' and ')];
  }), []);
  const [, uid] = /^USER (\d+):\d+$/m.exec(await read('Dockerfile')) ?? [];
  t.equal(uid, '10001');
});

t.test('a pod that goes has time: for the balancer to hear of it, for its readers, for what is being saved; and a new one is there before', async (t) => {
  const [, finish = ''] = /FINISH_MS = ([\d_]+);/.exec(await read('server/src/main.ts')) ?? [];
  const finishS = Number(finish.replaceAll('_', '')) / 1_000;
  t.equal(finishS, 10);
  t.same(ofWorkloads(({ component, pod, manifest }, cluster) => {
    if (!ROLES.includes(component)) return [];
    const { DRAIN_SECONDS } = environmentOf(cluster, server(cluster, component));
    const preStop = server(cluster, component).lifecycle?.preStop?.sleep?.seconds ?? 0;
    const { rollingUpdate } = manifest.spec.strategy;
    return [
      preStop < 5 && 'goes before the balancer has heard of it',
      (pod.terminationGracePeriodSeconds ?? 30) < preStop + Number(DRAIN_SECONDS) + finishS && `is killed while it drains: ${pod.terminationGracePeriodSeconds} s`,
      !(rollingUpdate?.maxUnavailable === 0 && rollingUpdate.maxSurge >= 1) && 'goes before another has come',
      !(manifest.spec.minReadySeconds >= 1) && 'counts as there at once',
      !cluster.manifests.some(({ kind, spec }) => kind === 'PodDisruptionBudget' && spec.maxUnavailable === 1 && selects(spec.selector, { 'app.kubernetes.io/component': component })) && 'may be taken away together with its like',
    ];
  }), []);
  const spot = prodIs('with spot');
  t.ok((workload(spot, 'chat').pod.terminationGracePeriodSeconds ?? 30) <= 25, 'a spot node has no more');
  t.equal(workload(spot, 'chat').pod.nodeSelector?.['cloud.google.com/gke-spot'], 'true');
  const rollout = find(prodIs('with rollouts'), 'Rollout', 'chat');
  t.match(rollout.spec, { minReadySeconds: 5, workloadRef: { kind: 'Deployment', name: 'chat' }, strategy: { canary: { maxSurge: 1, maxUnavailable: 0 } } });
});

t.test('whether a pod is asked for depends on itself alone, wherever that is asked', async (t) => {
  const { addHealth } = await import('../../src/http/health.ts');
  for (const address of ['/readyz', '/healthz']) t.match(addHealth.toString(), `'${address}'`);
  t.same(ofWorkloads(({ component, pod }) => ROLES.includes(component) ? [
    pod.containers[0]?.readinessProbe?.httpGet?.path !== '/readyz' && 'is ready when something else is',
    pod.containers[0]?.startupProbe?.httpGet?.path !== '/readyz' && 'has started when something else has',
    pod.containers[0]?.livenessProbe?.httpGet?.path !== '/healthz' && 'lives when something else does',
    ...[pod.containers[0]?.readinessProbe, pod.containers[0]?.livenessProbe, pod.containers[0]?.startupProbe].map((probe) => probe?.httpGet?.port !== 'http' && 'is asked at another port'),
  ] : []), []);
  for (const role of ROLES) {
    t.match(find(free, 'BackendConfig', role).spec.healthCheck, { requestPath: '/readyz', port: 8080 });
    t.match(find(prod, 'HealthCheckPolicy', role).spec, { targetRef: { kind: 'Service', name: role }, default: { config: { httpHealthCheck: { requestPath: '/readyz' } } } });
  }
});

t.test('a WebSocket may stay for a day, in every balancer’s own words', async (t) => {
  const DAY = 86_400;
  const { annotations = {} } = find(local, 'Ingress', 'aside').metadata;
  t.same([annotations['nginx.ingress.kubernetes.io/proxy-read-timeout'], annotations['nginx.ingress.kubernetes.io/proxy-send-timeout']], [String(DAY), String(DAY)]);
  const named = JSON.parse(find(free, 'Service', 'chat').metadata.annotations?.['cloud.google.com/backend-config'] ?? '{}').ports.http;
  t.match(find(free, 'BackendConfig', named).spec, { timeoutSec: DAY, sessionAffinity: { affinityType: 'CLIENT_IP' } });
  for (const cluster of clusters.filter(({ overlay }) => overlay === 'gke-prod')) {
    t.match(find(cluster, 'GCPBackendPolicy', 'chat').spec, { targetRef: { group: '', kind: 'Service', name: 'chat' }, default: { timeoutSec: DAY, sessionAffinity: { type: 'CLIENT_IP' } } });
  }
  for (const role of ROLES) t.same([prod, prodIs('without armor')].map((cluster) => find(cluster, 'GCPBackendPolicy', role).spec.default.securityPolicy), ['aside', undefined]);
  const drain = Number(environmentOf(prod, server(prod, 'chat')).DRAIN_SECONDS);
  for (const role of ROLES) {
    t.ok(find(free, 'BackendConfig', role).spec.connectionDraining.drainingTimeoutSec > drain + 10);
    t.ok(find(prod, 'GCPBackendPolicy', role).spec.default.connectionDraining.drainingTimeoutSec > drain + 10);
  }
});

t.test('each overlay trusts as many addresses of X-Forwarded-For as its balancer adds', (t) => {
  const added = { local: '1', 'gke-free': '2', 'gke-prod': '2' };
  t.same(faults((cluster) => ROLES.map((role) => {
    const { TRUST_PROXY_HOPS } = environmentOf(cluster, server(cluster, role));
    return TRUST_PROXY_HOPS !== added[cluster.overlay as keyof typeof added] && `${role} trusts ${TRUST_PROXY_HOPS}`;
  })), []);
  t.match(find(local, 'Ingress', 'aside').spec.ingressClassName, 'nginx');
  t.match(find(free, 'Ingress', 'aside').metadata.annotations, { 'kubernetes.io/ingress.class': 'gce' });
  t.match(find(prod, 'Gateway', 'aside').spec.gatewayClassName, 'gke-l7-global-external-managed');
  t.end();
});

t.test('nobody is given a variable that the server does not know, and both roles have what they need', async (t) => {
  const secrets = Object.entries(settings).filter(([, setting]) => 'secret' in setting).map(([name]) => `${name}_FILE`);
  const known = new Set([...Object.keys(settings), ...secrets, ...COMING, ...NODES]);
  t.same(ofContainers((container, { component }, cluster) => OURS.includes(component) ? Object.keys(environmentOf(cluster, container)).map((name) => !known.has(name) && `${name} is no setting`) : []), []);
  const values: Labels = { DATABASE_URL: 'postgres://database/aside', REDIS_URL: 'redis://redis:6379', IDENTITY_SECRET: 'a secret that has at least 32 characters', ADMIN_TOKEN: 'a-token-that-has-at-least-32-characters' };
  const given = (cluster: Cluster, role: string): Labels => Object.fromEntries(Object.entries({ NODE_ENV: 'production', ...environmentOf(cluster, server(cluster, role)) }).map(([name, value]) => (name.endsWith('_FILE') ? [name.slice(0, -5), values[name.slice(0, -5)] ?? ''] : [name, value])));
  for (const cluster of clusters) {
    const chat = given(cluster, 'chat');
    const stream = given(cluster, 'stream');
    t.match(readConfig(chat), { ROLES: ['chat'], METRICS_HOST: '0.0.0.0', METRICS_PORT: 9090, PORT: 8080, production: true }, cluster.name);
    t.equal(chat.EGRESS_URL, 'http://stream:9090');
    t.match(stream, { ROLES: 'stream', CHAT_URL: 'http://chat:9090', METRICS_HOST: '0.0.0.0' });
    t.notOk('DATABASE_URL' in stream || 'REDIS_URL' in stream || 'ADMIN_TOKEN' in stream, 'the role that asks the world knows no way to the words');
    if (COMING.every((name) => name in settings)) t.match(readConfig(stream), { ROLES: ['stream'] });
  }
});

t.test('a secret is a file that only its reader has, and it is there', (t) => {
  type Item = { key: string; path: string };
  type Source = { secretName?: string; name?: string; items?: Item[]; defaultMode?: number };
  const sources = ({ pod }: Workload): Source[] => (pod.volumes ?? []).flatMap((volume) => (volume.secret ? [volume.secret as Source] : (volume.projected?.sources ?? []).map(({ secret }) => secret as Source)));
  const keys = (one: Workload): string[] => sources(one).flatMap(({ items = [] }) => items.map((item) => item.path)).sort();
  t.same(faults((cluster) => {
    const redis = cluster.name === 'gke-free' ? [] : ['redis-url'];
    return [
      keys(workload(cluster, 'chat')).join() !== ['admin-token', 'database-url', 'identity-secret', ...redis].join() && `chat has ${keys(workload(cluster, 'chat'))}`,
      keys(workload(cluster, 'stream')).join() !== 'identity-secret' && `stream has ${keys(workload(cluster, 'stream'))}`,
      keys(workload(cluster, 'migrate')).join() !== 'database-url' && `migrate has ${keys(workload(cluster, 'migrate'))}`,
    ];
  }), []);
  t.same(ofContainers((container, one, cluster) => OURS.includes(one.component) ? [
    ...Object.entries(environmentOf(cluster, container)).map(([name, file]) => name.endsWith('_FILE') && !keys(one).includes(file.replace('/secrets/', '')) && `${name} names no file`),
    ...(container.env ?? []).map(({ name, valueFrom }) => valueFrom && `${name} is not a file`),
    ...(one.pod.volumes ?? []).map(({ secret, projected }) => (secret ?? projected) && (secret ?? projected)?.defaultMode !== 0o440 && 'others may read it'),
  ] : []), []);
  t.same(faults((cluster) => {
    // By hand in the smallest, by their operators elsewhere.
    const held = new Set(cluster.manifests.flatMap(({ kind, metadata, data = {}, spec }) => (kind === 'Secret' ? Object.keys(data).map((key) => `${metadata.name} ${key}`)
      : kind === 'ExternalSecret' ? spec.data.map(({ secretKey }: { secretKey: string }) => `${spec.target.name} ${secretKey}`) : kind === 'Cluster' ? [`${metadata.name}-app uri`] : [])));
    if (cluster.name === 'gke-free') for (const key of ['database-url', 'identity-secret', 'admin-token']) held.add(`aside ${key}`);
    return workloadsOf(cluster).filter(({ component }) => OURS.includes(component)).flatMap(sources).flatMap(({ secretName, name, items = [] }) => items.map(({ key }) => !held.has(`${secretName ?? name} ${key}`) && `nobody makes ${key} of ${secretName ?? name}`));
  }), []);
  t.end();
});

t.test('nobody speaks with anybody unless a rule says so', (t) => {
  t.same(faults((cluster) => [
    !policiesOf(cluster).some((policy) => selects(policy.podSelector, {}) && policy.policyTypes?.join() === 'Ingress,Egress' && !policy.ingress && !policy.egress) && 'who has no rule is open',
    ...policiesOf(cluster).flatMap(({ ingress = [] }) => ingress.map(({ from, ports }) => !(from?.length && ports?.length) && 'a rule lets everybody in')),
    ...workloadsOf(cluster).flatMap(({ name, labels }) => [
      passes(cluster, 'Ingress', labels, { namespace: 'default' }, 8080) && `${name} is open to the whole cluster`,
      passes(cluster, 'Ingress', labels, { address: '1.1.1.1' }, 8080) && `${name} is open to the world`,
      passes(cluster, 'Ingress', labels, { address: '1.1.1.1' }, 9090) && `${name} shows the world its inside`,
      !passes(cluster, 'Egress', labels, { namespace: 'kube-system' }, 53, 'UDP') && `${name} cannot ask for names`,
    ]),
  ]), []);
  t.end();
});

t.test('only the streams and the canary reach the internet, and nobody what is private by that way', (t) => {
  const outside = { address: '1.1.1.1' };
  t.same(faults((cluster) => workloadsOf(cluster).map(({ name, component, labels }) => {
    const open = [80, 443, 5432, 6378, 6379, 8080, 9090].filter((port) => passes(cluster, 'Egress', labels, outside, port)).join();
    const wanted = { stream: '80,443', canary: '443' }[component] ?? '';
    return open !== wanted && `${name} reaches ${open || 'nothing'} outside`;
  })), []);
  const inside = ['10.0.0.1', '10.10.0.10', '172.16.5.5', '192.168.1.1', '100.64.0.1', '127.0.0.1', '169.254.169.254', '0.0.0.0', '224.0.0.1', '240.0.0.1', '198.18.0.1'];
  t.same(faults((cluster) => ['stream', 'canary'].flatMap((component) => workloadsOf(cluster).filter((one) => one.component === component).flatMap(({ labels }) => inside.flatMap((address) => [80, 443, 5432, 6379].map((port) => passes(cluster, 'Egress', labels, { address }, port) && `${component} reaches ${address}:${port}`)))), ), []);
  t.end();
});

t.test('only chat and its migration reach Postgres, and only chat Redis', (t) => {
  const pods = (cluster: Cluster): Labels[] => [...workloadsOf(cluster).map(({ labels }) => labels), { 'cnpg.io/cluster': 'database' }];
  const others = (cluster: Cluster) => [...pods(cluster).map((pod) => ({ pod })), { address: '10.10.0.10' }, { address: '10.10.1.3' }];
  const who = (cluster: Cluster, ...ports: number[]): string => workloadsOf(cluster).filter(({ labels }) => others(cluster).some((other) => ports.some((port) => passes(cluster, 'Egress', labels, other, port)))).map(({ component }) => component).sort().join();
  t.same(clusters.map((cluster) => [cluster.name, who(cluster, 5432), who(cluster, 6379, 6378)]), clusters.map(({ name }) => [name, 'chat,migrate', name === 'gke-free' ? '' : 'chat']));
  const from = (cluster: Cluster, pod: Labels, port: number): string => workloadsOf(cluster).filter(({ labels }) => passes(cluster, 'Ingress', pod, { pod: labels }, port)).map(({ component }) => component).sort().join();
  t.equal(from(local, workload(local, 'postgres').labels, 5432), 'chat,migrate');
  t.equal(from(local, workload(local, 'redis').labels, 6379), 'chat');
  t.equal(from(prodIs('with cloudnative-pg'), { 'cnpg.io/cluster': 'database' }, 5432), 'chat,migrate');
  t.end();
});

t.test('the two roles reach each other’s inner port, the monitoring reaches both, and the balancer only the outer one', (t) => {
  t.same(faults((cluster) => {
    const chat = workload(cluster, 'chat').labels;
    const stream = workload(cluster, 'stream').labels;
    const balancer = cluster.overlay === 'local' ? { namespace: 'ingress-nginx' } : { address: '35.191.4.4' };
    return [
      ...([[chat, stream], [stream, chat]] as const).flatMap(([one, other]) => [
        !(passes(cluster, 'Egress', one, { pod: other }, 9090) && passes(cluster, 'Ingress', other, { pod: one }, 9090)) && 'they do not reach each other',
        passes(cluster, 'Egress', one, { pod: other }, 8080) && 'one goes in by the readers’ door',
        !passes(cluster, 'Ingress', one, balancer, 8080) && 'the balancer finds nobody',
        passes(cluster, 'Ingress', one, balancer, 9090) && 'the balancer sees the inside',
        ...['monitoring', 'gmp-system', 'gke-gmp-system'].map((namespace) => !passes(cluster, 'Ingress', one, { namespace }, 9090) && `${namespace} measures nothing`),
      ]),
      ...cluster.manifests.filter(({ kind }) => kind === 'Ingress' || kind === 'HTTPRoute').map(({ spec }) => /"(inner|9090)"|"(number|port)":9090/.test(JSON.stringify(spec)) && 'a route leads to the inner port'),
    ];
  }), []);
  t.end();
});

t.test('the balancer leads /stream/ to the streams and everything else to the chat', (t) => {
  for (const cluster of [local, free]) {
    t.same(find(cluster, 'Ingress', 'aside').spec.rules[0].http.paths.map((one: { path: string; backend: { service: { name: string; port: object } } }) => [one.path, one.backend.service.name, one.backend.service.port]), [['/stream/', 'stream', { name: 'http' }], ['/', 'chat', { name: 'http' }]]);
  }
  type Rule = { matches: { path: { value: string } }[]; backendRefs: { name: string; port: number }[] };
  const lead = (cluster: Cluster) => find(cluster, 'HTTPRoute', 'aside').spec.rules.map(({ matches, backendRefs }: Rule) => [matches[0]?.path.value, backendRefs[0]?.name, backendRefs[0]?.port]);
  t.same(lead(prod), [['/assets/', 'chat', 80], ['/stream/', 'stream', 80], ['/', 'chat', 80]]);
  t.same(lead(prodIs('without cdn')), [['/stream/', 'stream', 80], ['/', 'chat', 80]]);
  const kept = find(prod, 'HTTPRoute', 'aside').spec.rules.filter(({ filters }: { filters?: object[] }) => filters).map(({ matches }: Rule) => matches[0]?.path.value);
  t.same(kept, ['/assets/', '/stream/'], 'a room’s page is kept by nobody');
  t.match(find(prod, 'HTTPRoute', 'to-https').spec, { parentRefs: [{ sectionName: 'http' }], rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }] });
  t.end();
});

t.test('whatever chooses pods finds some, and whatever names a port finds it', (t) => {
  const pods = (cluster: Cluster): Labels[] => [...workloadsOf(cluster).map(({ labels }) => labels), ...cluster.manifests.filter(({ apiVersion, kind }) => apiVersion === 'postgresql.cnpg.io/v1' && kind === 'Cluster').map(({ metadata }) => ({ 'cnpg.io/cluster': metadata.name }))];
  t.same(faults((cluster) => cluster.manifests.flatMap(({ kind, metadata, spec }) => {
    const chosen = (selector: Parameters<typeof selects>[0]): boolean => pods(cluster).some((labels) => selects(selector, labels));
    const nobody = `${kind} ${metadata.name} chooses nobody`;
    if (kind === 'Service') {
      const behind = workloadsOf(cluster).filter(({ labels }) => selects({ matchLabels: spec.selector }, labels));
      return [behind.length !== 1 && `${kind} ${metadata.name} chooses ${behind.length}`, ...spec.ports.map(({ targetPort }: { targetPort: string }) => !behind.some(({ pod }) => pod.containers.some(({ ports = [] }) => ports.some(({ name }) => name === targetPort))) && `nobody has the port ${targetPort}`)];
    }
    if (kind === 'PodDisruptionBudget' || kind === 'PodMonitoring') return [!chosen(spec.selector) && nobody];
    if (kind === 'NetworkPolicy') {
      const peers = [...(spec.ingress ?? []).flatMap(({ from = [] }) => from), ...(spec.egress ?? []).flatMap(({ to = [] }) => to)];
      return [!chosen(spec.podSelector) && nobody, ...peers.map(({ podSelector }) => podSelector && !chosen(podSelector) && `${kind} ${metadata.name} names nobody`)];
    }
    if (kind === 'HorizontalPodAutoscaler') {
      const { scaleTargetRef: target, minReplicas, maxReplicas } = spec;
      return [!cluster.manifests.some((one) => one.apiVersion === target.apiVersion && one.kind === target.kind && one.metadata.name === target.name) && `${metadata.name} scales nothing`, !(minReplicas >= 2 && maxReplicas > minReplicas) && `${metadata.name} leaves one alone`];
    }
    return spec?.selector?.matchLabels && spec.template ? [!selects(spec.selector, spec.template.metadata.labels) && nobody] : [];
  })), []);
  const { spec } = find(prod, 'PodMonitoring', 'aside');
  t.match(spec.endpoints, [{ port: 'inner', path: '/metrics' }]);
  t.same(workloadsOf(prod).filter(({ labels }) => selects(spec.selector, labels)).map(({ component }) => component).sort(), ['canary', 'chat', 'stream']);
  t.end();
});

t.test('every metric that a number of pods or a release depends on exists', async (t) => {
  const written = (await Promise.all(['server/src/http/metrics.ts', 'server/src/ops/canary.ts'].map((file) => read(file).catch(() => '')))).join('\n');
  const named = new Set([...written.matchAll(/name: '(aside_\w+)'/g)].map(([, name]) => name));
  const exists = (name: string): boolean => named.has(name) || named.has(name.replace(/_(sum|count|bucket)$/, '')) || name.startsWith('aside_canary_');
  const scaled = clusters.flatMap(({ manifests }) => manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler').flatMap(({ spec }) => spec.metrics.map((one: { pods?: { metric: { name: string } } }) => one.pods?.metric.name).filter(Boolean))) as string[];
  t.same([...new Set(scaled)].sort(), ['prometheus.googleapis.com|aside_connections|gauge', 'prometheus.googleapis.com|aside_event_loop_lag_p99_seconds|gauge']);
  const base = await build(path.join(ROOT, 'k8s/base'));
  const asked = base.filter(({ kind }) => kind === 'HorizontalPodAutoscaler').flatMap(({ spec }) => spec.metrics.map((one: { pods?: { metric: { name: string } } }) => one.pods?.metric.name ?? 'cpu'));
  t.same(asked, ['cpu', 'aside_connections', 'aside_event_loop_lag_p99_seconds', 'cpu', 'aside_event_loop_lag_p99_seconds']);
  const analysis = JSON.stringify(find(prodIs('with rollouts'), 'AnalysisTemplate', 'chat').spec);
  const judged = [...analysis.matchAll(/aside_\w+/g)].map(([name]) => name);
  for (const one of ['aside_canary_lost_total', 'aside_canary_sent_total', 'aside_append_unknown_total', 'aside_refusals_total']) t.ok(judged.includes(one), one);
  t.same([...asked.filter((name) => name !== 'cpu'), ...scaled.map((name) => name.split('|')[1] ?? ''), ...judged].filter((name) => !exists(name)), []);
});

t.test('everybody says what they need and what they may have, and that is enough for what they are told to hold', (t) => {
  t.same(ofContainers(({ name, resources = {} }) => [
    ...['cpu', 'memory', 'ephemeral-storage'].map((what) => !(amountOf(resources.requests?.[what]) > 0) && `${name} asks for no ${what}`),
    ...['memory', 'ephemeral-storage'].map((what) => !(amountOf(resources.limits?.[what]) >= amountOf(resources.requests?.[what])) && `${name} has no bound of ${what}`),
  ]), []);
  const IDLE = 127e6;
  t.same(faults((cluster) => {
    const chat = server(cluster, 'chat');
    const stream = server(cluster, 'stream');
    const cache = Number(environmentOf(cluster, stream).STREAM_CACHE_MB ?? settings.STREAM_CACHE_MB.fallback) * 1e6;
    const readers = Number(environmentOf(cluster, chat).CONNECTIONS_MAX ?? settings.CONNECTIONS_MAX.fallback) * 5_800;
    const tmp = amountOf(workload(cluster, 'stream').pod.volumes?.find(({ name }) => name === 'tmp')?.emptyDir?.sizeLimit);
    return [
      amountOf(chat.resources?.limits?.memory) < IDLE + readers && 'chat has no room for its readers',
      amountOf(stream.resources?.limits?.memory) < IDLE + cache && 'stream has no room for its cache',
      tmp < cache / 2 && 'stream has no room for its files',
      amountOf(stream.resources?.limits?.['ephemeral-storage']) < tmp && 'stream is evicted before its files are too large',
    ];
  }), []);
  t.same(ofWorkloads(({ component, pod }) => ROLES.includes(component) ? ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((key) => !pod.topologySpreadConstraints?.some((one) => one.topologyKey === key && selects(one.labelSelector, { 'app.kubernetes.io/component': component })) && `may all be in one ${key}`) : []), []);
  t.end();
});

t.test('the schema is brought up before anything that needs it, by a job that needs nothing of what comes after', async (t) => {
  for (const cluster of clusters) {
    const { manifest, pod } = workload(cluster, 'migrate');
    t.match(manifest, { kind: 'Job', metadata: { annotations: { 'argocd.argoproj.io/hook': 'PreSync', 'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation' } } });
    t.same(pod.containers.map(({ command, envFrom = [] }) => [command, envFrom]), [[['node', 'server/src/ops.ts', 'migrate'], []]], 'a ConfigMap of the same release would not be there yet');
  }
  t.same(workload(prod, 'canary').pod.containers[0]?.command, ['node', 'server/src/ops.ts', 'canary']);
  const ground = await build(path.join(ROOT, 'k8s/overlays/gke-prod/ground'));
  const after = await build(path.join(ROOT, 'k8s/overlays/gke-prod'));
  for (const kind of ['Namespace', 'ServiceAccount', 'ExternalSecret']) {
    t.ok(ground.some((one) => one.kind === kind));
    t.notOk(after.some((one) => one.kind === kind), `${kind} is brought once`);
  }
});

t.test('Argo CD brings each environment by itself, its ground first, and puts back what somebody changes', async (t) => {
  const apps = await build(path.join(ROOT, 'k8s/argocd/apps'));
  const all = [await readManifest('argocd/root.yaml'), ...apps.filter(({ kind }) => kind === 'Application')];
  const wave = (name: string): number => Number(apps.find(({ metadata }) => metadata.name === name)?.metadata.annotations?.['argocd.argoproj.io/sync-wave']);
  t.same(all.map(({ metadata, spec }) => [metadata.name, spec.source.path]), [['aside', 'k8s/argocd/apps'], ['aside-dev', 'k8s/overlays/gke-free'], ['aside-prod', 'k8s/overlays/gke-prod'], ['aside-prod-ground', 'k8s/overlays/gke-prod/ground']]);
  for (const { metadata, spec } of all) {
    t.match(spec.syncPolicy.automated, { prune: true, selfHeal: true }, metadata.name);
    await t.resolves(access(path.join(ROOT, spec.source.path, 'kustomization.yaml')));
  }
  t.ok(wave('aside-prod-ground') < wave('aside-prod'));
  const project = apps.find(({ kind }) => kind === 'AppProject') as Manifest;
  t.same(project.spec.clusterResourceWhitelist, [{ group: '', kind: 'Namespace' }]);
  const everywhere = new Set(clusters.flatMap(({ manifests }) => manifests.filter(({ metadata }) => metadata.namespace === undefined).map(({ kind }) => kind)));
  t.same([...everywhere], ['Namespace'], 'nothing else belongs to a whole cluster');
});

t.test('what is an operator’s own stands in one file, and reaches every place that says it', async (t) => {
  await withCopy(async (k8s) => {
    for (const [file, dirs] of [['overlays/gke-free/site.env', ['overlays/gke-free']], ['overlays/gke-prod/site/site.env', ['overlays/gke-prod/ground', 'overlays/gke-prod']]] as const) {
      for (const [from, to] of [['chat.example', 'talk.mine.test'], ['https://blog.example', 'https://mine.test'], ['my-project', 'mine'], ['10.10.0.10/32', '10.9.8.7/32'], ['10.10.1.3/32', '10.9.9.3/32']] as const) {
        if ((await readFile(path.join(k8s, file), 'utf8')).includes(from)) await change(path.join(k8s, file), from, to);
      }
      const built = JSON.stringify((await Promise.all(dirs.map((dir) => build(path.join(k8s, dir))))).flat());
      for (const gone of ['chat.example', 'blog.example', '10.10.0.10', '10.10.1.3', '"site"']) t.notMatch(built, gone, `${file}: ${gone}`);
      t.match(built, '"PUBLIC_URL":"https://talk.mine.test"');
      t.match(built, '"FRAME_ANCESTORS":"https://mine.test"');
      t.match(built, '"cidr":"10.9.8.7/32"');
      t.same([...built.matchAll(/[\w.@/-]*my-project[\w.@/-]*/g)].map(([found]) => found).filter((found) => !found.startsWith('us-central1-docker.pkg.dev/')), [], 'the image is named by the pipeline');
    }
  });
});
