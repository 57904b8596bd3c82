#!/usr/bin/env bash
# Builds every overlay, and each folder below that is a kustomization of its own, into one file each.
#   build-overlays.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."

built=$1
mkdir -p "$built"
# A folder `site` holds what its overlay takes values from, and is nothing by itself.
find k8s/overlays -name kustomization.yaml -not -path '*/site/*' | sort | while read -r file; do
  folder=$(dirname "$file")
  kubectl kustomize "$folder" >"$built/$(tr / - <<<"${folder#k8s/overlays/}").yaml"
  echo "built ${folder#k8s/overlays/}"
done
[ -n "$(ls -A "$built")" ] || { echo '::error::There is no overlay in k8s/overlays.' >&2; exit 1; }
