#!/usr/bin/env bash
# Refuses to go on towards an environment that a workflow enters without anybody's leave.
#   demand-approval.sh production
set -euo pipefail

# GitHub makes an environment that is named and not there yet, open to everybody.
gh api "repos/$GITHUB_REPOSITORY/environments/$1" --jq '.protection_rules[].type' | grep -qx required_reviewers || {
  echo "::error::The environment »$1« has no required reviewers: set them in the repository's settings." >&2
  exit 1
}
