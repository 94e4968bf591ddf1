#!/bin/sh
# Starts a modem that outlives this script, and waits until it can be used.
# start.sh DIRECTORY [OPTION...], options of eg91xq
# DIRECTORY then has ready.json, journal.ndjson, trace.txt, log.txt, and in environment MODEM_PORT and
# its like, one NAME=VALUE a line; MODEM_PID is what to kill at the end.
set -eu
mkdir -p "$1"
directory=$(cd "$1" && pwd)
shift
for file in ready.json journal.ndjson trace.txt environment; do rm -f "$directory/$file"; done

# The command behind -- gets the variables; it hands them on, and lasts as long as the modem.
# shellcheck disable=SC2016
nohup "${EG91XQ:-eg91xq}" --control 0 --ready-file "$directory/ready.json" \
  --journal "$directory/journal.ndjson" --trace "$directory/trace.txt" "$@" -- \
  sh -c 'env | grep "^MODEM_" >"$0.new"; mv "$0.new" "$0"; exec tail -f /dev/null' \
  "$directory/environment" >"$directory/log.txt" 2>&1 </dev/null &
modem=$!
until [ -s "$directory/ready.json" ] && [ -e "$directory/environment" ]; do
  kill -0 "$modem" 2>/dev/null || {
    cat "$directory/log.txt" >&2
    exit 1
  }
  sleep 0.05
done
echo "MODEM_PID=$modem" >>"$directory/environment"
