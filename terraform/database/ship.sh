#!/bin/sh
# Every minute: what archive.sh left goes to the bucket, oldest first, and is let go here once it is there.
set -eu
here=$(dirname "$0")
spool=${SPOOL:-/var/spool/aside}
part=$(mktemp)
trap 'rm -f "$part"' EXIT
for file in "$spool"/*; do
  case $file in *.part | "$spool/*") continue ;; esac
  # A segment that a minute filled is mostly zeros.
  gzip --no-name --stdout "$file" >"$part"
  "$here/store.sh" put "$part" "wal/$(basename "$file").gz"
  rm "$file"
done
