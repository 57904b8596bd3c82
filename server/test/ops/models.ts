import * as argo from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import * as rollouts from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import * as secrets from '@kubernetes-models/external-secrets/external-secrets.io/v1';
import * as gateway from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1';
import * as cloud from '@kubernetes-models/gke/cloud.google.com/v1';
import * as gke from '@kubernetes-models/gke/networking.gke.io/v1';
import * as gkeBeta from '@kubernetes-models/gke/networking.gke.io/v1beta1';
import * as apps from 'kubernetes-models/apps/v1';
import * as autoscaling from 'kubernetes-models/autoscaling/v2';
import * as batch from 'kubernetes-models/batch/v1';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';

type Model = new (data: object) => { validate(): void };

/** Where a package has the published schemas and types of a group: of Kubernetes itself, and of who adds to it. */
const groups: readonly (readonly [apiVersion: string, module: string, models: object])[] = [
  ['v1', 'kubernetes-models/v1', core],
  ['apps/v1', 'kubernetes-models/apps/v1', apps],
  ['autoscaling/v2', 'kubernetes-models/autoscaling/v2', autoscaling],
  ['batch/v1', 'kubernetes-models/batch/v1', batch],
  ['networking.k8s.io/v1', 'kubernetes-models/networking.k8s.io/v1', networking],
  ['policy/v1', 'kubernetes-models/policy/v1', policy],
  ['gateway.networking.k8s.io/v1', '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1', gateway],
  ['networking.gke.io/v1', '@kubernetes-models/gke/networking.gke.io/v1', gke],
  ['networking.gke.io/v1beta1', '@kubernetes-models/gke/networking.gke.io/v1beta1', gkeBeta],
  ['cloud.google.com/v1', '@kubernetes-models/gke/cloud.google.com/v1', cloud],
  ['external-secrets.io/v1', '@kubernetes-models/external-secrets/external-secrets.io/v1', secrets],
  ['argoproj.io/v1alpha1', '@kubernetes-models/argo-cd/argoproj.io/v1alpha1', argo],
  ['argoproj.io/v1alpha1', '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1', rollouts],
];

/** Its schema, and the module whose interface `I…` is its type; null where no package has them. */
export function findModel(apiVersion: string, kind: string): { Model: Model; module: string } | null {
  for (const [group, module, models] of groups) {
    const Model = group === apiVersion && (models as Record<string, Model>)[kind];
    if (Model) return { Model, module };
  }
  return null;
}
