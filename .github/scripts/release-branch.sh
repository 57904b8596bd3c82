#!/usr/bin/env bash
# Moves the branch that production follows to a release with its image. Never by force: whoever goes back goes back by a commit.
# The branch holds k8s/ alone: a run's own token may push no workflows.
#   release-branch.sh v1.2.3 europe-docker.pkg.dev/project/aside/aside sha256:…
set -euo pipefail
cd "$(dirname "$0")/../.."

tag=${1:-} repository=${2:-} digest=${3:-}
git config user.name 'github-actions[bot]'
git config user.email '41898282+github-actions[bot]@users.noreply.github.com'
git switch --quiet --detach "$tag"
.github/scripts/pin-image.sh k8s/overlays/gke-prod/kustomization.yaml aside "$repository" "$digest"
git add k8s/overlays/gke-prod/kustomization.yaml

tree=$(printf '040000 tree %s\tk8s\n' "$(git write-tree --prefix=k8s/)" | git mktree)
parent=()
if git fetch --quiet origin production 2>/dev/null; then parent=(-p "$(git rev-parse FETCH_HEAD)"); fi
commit=$(git commit-tree "$tree" ${parent[@]+"${parent[@]}"} -m "k8s: run $tag in production" -m "Made from $(git rev-parse HEAD).")
git push --quiet origin "$commit:refs/heads/production"
