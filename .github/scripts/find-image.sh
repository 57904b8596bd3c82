#!/usr/bin/env bash
# Says which digest a tag of a registry has; nothing where there is no such tag.
#   find-image.sh europe-docker.pkg.dev/project/aside/aside:sha-…
set -euo pipefail

digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$1" 2>/tmp/find-image.err) || digest=
# A registry that cannot be asked is not one that has it not.
if [ -z "$digest" ] && ! grep -qi 'not found' /tmp/find-image.err; then cat /tmp/find-image.err >&2; exit 1; fi
printf 'digest=%s\n' "$digest" | tee -a "$GITHUB_OUTPUT"
