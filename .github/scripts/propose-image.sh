#!/usr/bin/env bash
# Commits an image into an overlay and pushes that as a branch: what a pull request is then opened from.
#   propose-image.sh gke-free europe-docker.pkg.dev/project/aside/aside sha256:…
set -euo pipefail
cd "$(dirname "$0")/../.."

overlay=${1:-} repository=${2:-} digest=${3:-}
branch=image/$overlay
output() { printf '%s\n' "$1" >>"${GITHUB_OUTPUT:-/dev/null}"; }

.github/scripts/pin-image.sh "k8s/overlays/$overlay/kustomization.yaml" aside "$repository" "$digest"
output "branch=$branch"
if git diff --quiet; then
  echo "$overlay runs this image already."
  output 'changed=false'
  exit 0
fi
git config user.name 'github-actions[bot]'
git config user.email '41898282+github-actions[bot]@users.noreply.github.com'
git switch --quiet --force-create "$branch"
git commit --quiet --message "k8s: run the image of ${GITHUB_SHA:-$(git rev-parse HEAD)} in $overlay" -- "k8s/overlays/$overlay/kustomization.yaml"
# An older proposal that nobody took yet is out of date: this one stands in its place.
git push --quiet --force origin "HEAD:refs/heads/$branch"
output 'changed=true'
