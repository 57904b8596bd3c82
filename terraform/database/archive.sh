#!/bin/sh
# PostgreSQL's archive_command, `archive.sh %p %f`: a finished segment is on the disk under its name before 0 is said.
set -eu
to=${SPOOL:-/var/spool/aside}/$2
if [ -e "$to" ]; then
  # Asked again after a crash. Another content under the same name would be another cluster's.
  cmp -s "$1" "$to"
  exit
fi
cp "$1" "$to.part"
sync "$to.part"
mv "$to.part" "$to"
sync "${to%/*}"
