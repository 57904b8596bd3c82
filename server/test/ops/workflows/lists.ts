/** Steps that workflow-steps.test.ts runs as they stand, in a repository made for it. */
export const runHere: readonly string[] = [
  'check/everything: trust the folder, which another user owns',
  'image/propose: commit the image into the overlay',
  'image/publish: say which image it is',
  'image/publish: tell the registry\'s host from its name',
  'release/image: refuse a commit that has none',
  'release/image: tell the registry\'s host from its name',
  'release/promote: move the branch that production follows',
  'release/promote: tell the registry\'s host from its name',
  'release/publish: write the notes',
  'release/read: read what the changelog says of it',
  'release/read: see that the tag stands on main',
  'terraform/apply: see that it is the plan that was read',
  'terraform/apply: show the plan',
  'terraform/plan: show the plan',
];

const ITSELF = 'it runs these tests';
const KUBECTL = 'the tests of the manifests build the same';
const NETWORK = 'it fetches a tool from the internet';
const CLOUD = 'it needs an account at Google';
const GITHUB = 'it asks GitHub, as the run that it belongs to';
const REGISTRY = 'it needs Docker and a registry';
const TERRAFORM = 'Terraform is no piece of Debian, and its provider comes from the internet';
const SHELLCHECK = 'workflows.shellcheck.test.ts does the same';
const PROMTOOL = 'the tests of the rules do the same';

/** Those that cannot run on any machine, and why. */
export const runElsewhere: Readonly<Record<string, string>> = {
  'check/everything: test, check and prove a small share': ITSELF,
  'check/manifests: build every overlay': KUBECTL,
  'check/manifests: check the alert rules': PROMTOOL,
  'check/manifests: install promtool': NETWORK,
  'check/manifests: look for what is unsafe in Terraform, Dockerfile and workflows': NETWORK,
  'check/manifests: look for what is unsafe in what the overlays build': NETWORK,
  'check/manifests: test the alert rules': PROMTOOL,
  'check/terraform: fetch the providers': TERRAFORM,
  'check/terraform: format': TERRAFORM,
  'check/terraform: test': TERRAFORM,
  'check/terraform: validate': TERRAFORM,
  'check/workflows: install actionlint': NETWORK,
  'check/workflows: lint the scripts': SHELLCHECK,
  'check/workflows: lint the workflows': 'workflows.test.ts does the same',
  'image/propose: let git push as this run': GITHUB,
  'image/propose: open a pull request': GITHUB,
  'image/publish: look whether a run before this one pushed it': REGISTRY,
  'release/image: find the image of this commit': REGISTRY,
  'release/image: see that production asks somebody': GITHUB,
  'release/promote: give the image its version': REGISTRY,
  'release/promote: let git push as this run': GITHUB,
  'release/promote: look whether a run before this one named it': REGISTRY,
  'release/publish: publish the release': GITHUB,
  'terraform/apply: apply': CLOUD,
  'terraform/apply: plan': CLOUD,
  'terraform/guard: see that production asks somebody': GITHUB,
  'terraform/plan: plan': CLOUD,
};
