#!/bin/sh
# The units that systemd runs modems by: unit_test.sh FOLDER PROGRAM. They are well-formed, and what that of
# the system leaves a modem is little: systemd's own exposure level is 2.0 or less of 10.
set -eu
folder=$1
program=$2
if ! command -v systemd-analyze >/dev/null; then
  echo "skipped: systemd_unit: systemd-analyze is not installed"
  [ -z "${CI:-}" ] || exit 1
  exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for manager in system user; do
  # What is not installed cannot be verified: the same unit, with the program that was built.
  sed "s|=/usr/bin/eg91xq |=$program |" "$folder/$manager/eg91xq@.service" > "$scratch/eg91xq@test.service"
  grep -q "=$program " "$scratch/eg91xq@test.service" || { echo "the unit does not start /usr/bin/eg91xq"; exit 1; }
  said=$(XDG_RUNTIME_DIR=$scratch systemd-analyze --$manager verify --man=no "$scratch/eg91xq@test.service" 2>&1) ||
    { echo "$said"; exit 1; }
  [ -z "$said" ] || { echo "$said"; exit 1; }
  [ $manager = user ] && continue
  systemd-analyze security --offline=yes --no-pager --threshold=20 "$scratch/eg91xq@test.service" > "$scratch/report" ||
    { cat "$scratch/report"; exit 1; }
  tail -1 "$scratch/report"
done
