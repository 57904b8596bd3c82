#!/usr/bin/env bash
# Plans one environment: leaves plan.bin, plan.txt and plan.json in $RUNNER_TEMP, where nothing publishes them.
#   STATE_BUCKET=… plan.sh staging
set -euo pipefail
cd "$(dirname "$0")/../../terraform"

terraform init -input=false -backend-config="bucket=$STATE_BUCKET" -backend-config="prefix=$1"
terraform plan -input=false -lock-timeout=5m -var-file="env/$1.tfvars" -out="$RUNNER_TEMP/plan.bin"
terraform show -no-color "$RUNNER_TEMP/plan.bin" >"$RUNNER_TEMP/plan.txt"
terraform show -json "$RUNNER_TEMP/plan.bin" >"$RUNNER_TEMP/plan.json"
