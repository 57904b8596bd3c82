#!/bin/sh
# Every night: the whole cluster as it is, with what it takes to begin from it. RUN stands before PostgreSQL's own programs.
set -eu
here=$(dirname "$0")
part=$(mktemp "${SCRATCH:-/var/tmp}/base.XXXXXX")
trap 'rm -f "$part"' EXIT
# shellcheck disable=SC2086 # several words
${RUN-docker exec postgres} pg_basebackup --username="${PGUSER:-aside}" --pgdata=- --format=tar --wal-method=fetch --checkpoint=fast --no-password | gzip >"$part"
# A pipe says what its last part says: what ended too early cannot be read to its end.
gzip --decompress --stdout "$part" | tar --list >/dev/null
# Of its end, not its beginning: nothing before it can be gone back to from here.
stamp=$(date -u -d '+1 second' +%Y%m%dT%H%M%SZ)
"$here/store.sh" put "$part" "base/$stamp.tar.gz"
echo "base/$stamp.tar.gz"
