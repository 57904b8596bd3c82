#!/usr/bin/env bash
# Prints what CHANGELOG.md says of the version that a tag names, and refuses a tag that the files do not agree with.
#   release-notes.sh v1.2.3 >notes.md
set -euo pipefail
cd "$(dirname "$0")/../.."

refuse() { printf '::error::%s\n' "$1" >&2; exit 1; }

tag=${1:-}
[[ $tag =~ ^v(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$ ]] || refuse "»$tag« is no version: v1.2.3 or v1.2.3-rc.1."
version=${tag#v}
grep -qxF "  \"version\": \"$version\"," package.json || refuse "package.json is of another version than $version."
grep -qF "org.opencontainers.image.version=\"$version\"" Dockerfile || refuse "Dockerfile is of another version than $version."

section=$(awk -v version="$version" '/^## / { held = $2; gsub(/[][]/, "", held); inside = (held == version); next } inside' CHANGELOG.md)
[[ $section =~ [^[:space:]] ]] || refuse "CHANGELOG.md says nothing of $version: its section is »## $version - 2026-12-31«."
# Command substitution took the empty lines at the end; these are those at the beginning.
printf '%s\n' "$section" | sed '/./,$!d'
printf 'version=%s\nprerelease=%s\n' "$version" "$([[ $version == *-* ]] && echo true || echo false)" >>"${GITHUB_OUTPUT:-/dev/null}"
