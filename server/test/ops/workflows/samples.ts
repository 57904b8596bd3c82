export const IMAGE = 'europe-docker.pkg.dev/project/aside/aside';
export const digest = (of: string): string => `sha256:${of.repeat(64)}`;
export const overlay = (name: string): string => `k8s/overlays/${name}/kustomization.yaml`;
export const KUSTOMIZATION = `# Which server runs here.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../base
images:
  # The database is not ours to move.
  - name: postgres
    newTag: "18"
  - name: aside
    newName: registry.example/aside
    newTag: 0.1.0
replicas:
  - name: aside
    count: 2
`;
export const CHANGELOG = `# Changelog

## Unreleased

### Added
- What nobody has yet.

## 1.2.3 - 2026-12-31

### Fixed
- A word that was lost.
- A second one.

## 1.2.2 - 2026-12-01

### Added
- What was there before.
`;

/** The files that have to be of one version. */
export function release(version: string, changelog = CHANGELOG): Record<string, string> {
  return { 'CHANGELOG.md': changelog, 'package.json': `{\n  "name": "aside",\n  "version": "${version}",\n  "private": true\n}\n`, Dockerfile: `LABEL org.opencontainers.image.version="${version}"\n` };
}
