#!/bin/sh
# Objects of the bucket: `store.sh put FILE NAME`, `get NAME FILE`, `list PREFIX`. BUCKET names it; on a machine of Google's the token comes from there.
set -eu
: "${BUCKET:?is not set}"
api=${STORE:-https://storage.googleapis.com}

token() {
  if [ -n "${TOKEN:-}" ]; then
    printf '%s' "$TOKEN"
  else
    curl --fail --silent --show-error --header 'Metadata-Flavor: Google' \
      http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token | sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/'
  fi
}

# Not by an argument: those of every process are there for all to read.
ask() {
  printf 'header = "Authorization: Bearer %s"\n' "$(token)" | curl --config - --silent --show-error --retry 3 --connect-timeout 10 "$@"
}

escaped=$(printf '%s' "${3:-${2:-}}" | sed 's,/,%2F,g')
case ${1:-} in
  put)
    # Never over one that is there: what was archived once is not another's to change.
    code=$(ask --request POST --upload-file "$2" --header 'Content-Type: application/octet-stream' --output /dev/null --write-out '%{http_code}' \
      "$api/upload/storage/v1/b/$BUCKET/o?uploadType=media&ifGenerationMatch=0&name=$escaped")
    case $code in
      200) ;;
      412)
        there=$(mktemp)
        trap 'rm -f "$there"' EXIT
        "$0" get "$3" "$there"
        cmp -s "$2" "$there" || { echo "$3 is in the bucket already, and is another" >&2; exit 1; }
        ;;
      *) echo "the bucket answers $code" >&2; exit 1 ;;
    esac
    ;;
  get)
    escaped=$(printf '%s' "$2" | sed 's,/,%2F,g')
    ask --fail --output "$3" "$api/storage/v1/b/$BUCKET/o/$escaped?alt=media"
    ;;
  list)
    next=
    while :; do
      page=$(ask --fail "$api/storage/v1/b/$BUCKET/o?fields=items/name,nextPageToken&prefix=$escaped&pageToken=$next")
      printf '%s\n' "$page" | sed -n 's/.*"name": *"\([^"]*\)".*/\1/p'
      next=$(printf '%s\n' "$page" | sed -n 's/.*"nextPageToken": *"\([^"]*\)".*/\1/p')
      [ -n "$next" ] || break
    done
    ;;
  *) echo 'put FILE NAME, get NAME FILE, or list PREFIX' >&2; exit 2 ;;
esac
