#!/bin/sh
# What former versions have written is read by this one: upgrade_test.sh PROGRAM. For each folder of a
# version: its state directory, and its snapshot, give the modem that read.txt and expected.txt describe.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
options="--port stdio --demo-broker off --latency instant --power at-start"
sed 's/$/\r/' "$here/expected.txt" >"$scratch/expected"
versions=0

same() {
  cmp -s "$scratch/said" "$scratch/expected" && return
  echo "upgrade: $1 is read as something else:"
  diff "$scratch/expected" "$scratch/said" || true
  exit 1
}

for folder in "$here"/*/; do
  version=$(basename "$folder")
  cp -r "$folder/state" "$scratch/$version"
  tr '\n' '\r' <"$here/read.txt" | "$program" $options --state-dir "$scratch/$version" >"$scratch/said" 2>/dev/null
  same "the state directory of $version"

  "$program" --port tcp:0 --demo-broker off --latency instant --power at-start --control 0 --state-dir "$scratch/by-snapshot" \
    -- "$program" ctl snapshot load "$folder/snapshot.json" >/dev/null 2>&1 || { echo "upgrade: the snapshot of $version is refused"; exit 1; }
  tr '\n' '\r' <"$here/read.txt" | "$program" $options --state-dir "$scratch/by-snapshot" >"$scratch/said" 2>/dev/null
  same "the snapshot of $version"
  rm -r "$scratch/by-snapshot"
  versions=$((versions + 1))
done
[ $versions -gt 0 ] || { echo "upgrade: no version has left anything"; exit 1; }
echo "state and snapshots of $versions version(s) are read"
