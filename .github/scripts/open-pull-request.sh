#!/usr/bin/env bash
# Opens a pull request from a pushed branch unless one is open, and has it checked.
#   open-pull-request.sh image/gke-free 'title' 'words'
set -euo pipefail

branch=$1 title=$2 words=$3
if [ "$(gh pr list --head "$branch" --state open --json number --jq length)" = 0 ]; then
  gh pr create --head "$branch" --base main --title "$title" --body "$words"
else
  gh pr edit "$branch" --title "$title" --body "$words"
fi
# What a workflow's own token does starts no other workflow, except by this.
gh workflow run check.yml --ref "$branch"
