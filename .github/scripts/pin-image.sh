#!/usr/bin/env bash
# Writes an image by its digest into a kustomization, and leaves every other line of it as it is.
#   pin-image.sh k8s/overlays/gke-free/kustomization.yaml aside europe-docker.pkg.dev/project/aside/aside sha256:…
set -euo pipefail

refuse() { printf '::error::%s\n' "$1" >&2; exit 1; }

file=${1:-} name=${2:-} repository=${3:-} digest=${4:-}
[ -f "$file" ] || refuse "There is no kustomization at »$file«."
[[ $name =~ ^[a-z0-9._/-]+$ ]] || refuse "»$name« is no name of an image."
# A tag here would leave two answers to which image is meant.
[[ $repository =~ ^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+$ ]] || refuse "»$repository« is no repository."
[[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || refuse "»$digest« is no digest."

written=$(awk -v name="$name" -v repository="$repository" -v digest="$digest" '
  function pin(indent) { printf "%snewName: %s\n%sdigest: %s\n", indent, repository, indent, digest; pinned = 1 }
  /^[^ #-]/ { images = 0; entry = 0 }
  /^images:/ { images = 1 }
  images && /^ *- / { entry = 0 }
  images && $1 == "-" && $2 == "name:" && $3 == name { entry = 1; print; match($0, /- /); pin(sprintf("%" RSTART + 1 "s", "")); next }
  entry && $1 ~ /^(newName|newTag|digest):$/ { next }
  { print }
  END { if (!pinned) exit 3 }
' "$file") || refuse "»$file« has no entry »- name: $name« under »images:«."
printf '%s\n' "$written" >"$file"
