#!/bin/sh
# restore.sh DIR [TIME]: makes a data directory that recovers, when it is started, to TIME (2026-11-23 12:00:00+00) or to the newest segment,
# and then takes words again, on a timeline of its own: servers see that, and give every reader their rooms anew.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=$1
time=${2:-}
[ ! -e "$dir/PG_VERSION" ] || { echo "$dir has a cluster already, and keeps it" >&2; exit 1; }
until=${time:+$(date -u -d "$time" +%Y%m%dT%H%M%SZ)}
base=
for name in $("$here/store.sh" list base/ | sort); do
  at=${name#base/}
  # Recovery only goes forward.
  if [ -z "$until" ] || expr "${at%.tar.gz}" '<=' "$until" >/dev/null; then base=$name; fi
done
[ -n "$base" ] || { echo "no copy is old enough to begin from" >&2; exit 1; }
umask 077
mkdir -p "$dir"
part=$(mktemp "${SCRATCH:-/var/tmp}/base.XXXXXX")
trap 'rm -f "$part"' EXIT
"$here/store.sh" get "$base" "$part"
tar --extract --gzip --file="$part" --directory="$dir"
# The segments since then, and which timeline left which; what the database runs in may have no way to the bucket.
kept=${SCRATCH:-/var/tmp}/wal
rm -rf "$kept"
mkdir -p "$kept"
start=$(sed -n 's/^START WAL LOCATION.*file [0-9A-F]\{8\}\([0-9A-F]\{16\}\)).*/\1/p' "$dir/backup_label")
"$here/store.sh" list wal/ | while read -r name; do
  segment=${name#wal/}
  segment=${segment%.gz}
  case $segment in
    *.history) ;;
    *.*) continue ;;
    *) expr "x${segment#????????}" '>=' "x$start" >/dev/null || continue ;;
  esac
  echo "$segment"
done | xargs -P 8 -I '{}' "$here/store.sh" get 'wal/{}.gz' "$kept/{}.gz"

# What an earlier restore wrote is in copies made since.
sed -i '/^recovery_target\|^restore_command/d' "$dir/postgresql.auto.conf"
{
  echo "restore_command = 'gzip --decompress --stdout $kept/%f.gz >%p'"
  [ -z "$time" ] || echo "recovery_target_time = '$(date -u -d "$time" '+%Y-%m-%d %H:%M:%S.%3N+00')'"
  echo "recovery_target_action = 'promote'"
} >>"$dir/postgresql.auto.conf"
touch "$dir/recovery.signal"
echo "$base"
