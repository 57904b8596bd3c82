#!/usr/bin/env bash
# Opens a pull request from a pushed branch unless one is open, and has it checked.
#   open-pull-request.sh image/gke-free 'title' 'words'
set -euo pipefail

branch=$1 title=$2 words=$3
number=$(gh pr list --head "$branch" --state open --json number --jq '.[].number')
if [ -z "$number" ]; then
  gh pr create --head "$branch" --base main --title "$title" --body "$words"
else
  # Not `gh pr edit`, which reads projects, too: a run's own token may not.
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/pulls/$number" -f title="$title" -f body="$words"
fi
# What a workflow's own token does starts no other workflow, except by this.
gh workflow run check.yml --ref "$branch"
