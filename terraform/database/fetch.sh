#!/bin/sh
# PostgreSQL's restore_command, `fetch.sh %f %p`: not 0 where the bucket has none, which ends the recovery.
set -eu
here=$(dirname "$0")
"$here/store.sh" get "wal/$1.gz" "$2.gz" 2>/dev/null
gzip --decompress --stdout "$2.gz" >"$2.part"
mv "$2.part" "$2"
rm "$2.gz"
