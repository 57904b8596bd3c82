import { BlockList, isIPv6 } from 'node:net';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { Cluster, Labels } from './kustomize.ts';

type Spec = NonNullable<INetworkPolicy['spec']>;
type Selector = NonNullable<Spec['podSelector']>;
type Peer = NonNullable<NonNullable<Spec['egress']>[number]['to']>[number];
/** Who is on the other end: a pod of our namespace, one of another, or an address. */
export type Other = { pod: Labels } | { namespace: string } | { address: string };
type Way = 'Ingress' | 'Egress';

/** Whether Kubernetes would let this pass, by the rules of NetworkPolicy: who is chosen by none is open, who is by one is shut but for what some rule allows. */
export function passes(cluster: Cluster, way: Way, pod: Labels, other: Other, port: number, protocol = 'TCP'): boolean {
  const policies = policiesOf(cluster).filter(({ podSelector, policyTypes }) => policyTypes?.includes(way) && selects(podSelector, pod));
  if (policies.length === 0) return true;
  return policies.some(({ ingress = [], egress = [] }) => (way === 'Ingress' ? ingress.map(({ from, ports }) => ({ peers: from, ports })) : egress.map(({ to, ports }) => ({ peers: to, ports }))).some(({ peers, ports }) =>
    (ports === undefined || ports.some((one) => one.port === port && (one.protocol ?? 'TCP') === protocol)) && (peers === undefined || peers.some((peer) => isMeant(peer, other)))));
}

export function policiesOf({ manifests }: Cluster): Spec[] {
  return manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec as Spec);
}

export function selects(selector: Selector | undefined, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value)
    && matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator !== 'In') throw new Error(`nobody here understands ${operator}`);
      return values.includes(labels[key] ?? '');
    });
}

function isMeant({ podSelector, namespaceSelector, ipBlock }: Peer, other: Other): boolean {
  if (ipBlock) return 'address' in other && isIn([ipBlock.cidr], other.address) && !isIn(ipBlock.except ?? [], other.address);
  if (namespaceSelector) return 'namespace' in other && podSelector === undefined && selects(namespaceSelector, { 'kubernetes.io/metadata.name': other.namespace });
  return 'pod' in other && selects(podSelector, other.pod);
}

function isIn(ranges: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', bits = ''] = range.split('/');
    list.addSubnet(net, Number(bits), isIPv6(net) ? 'ipv6' : 'ipv4');
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
