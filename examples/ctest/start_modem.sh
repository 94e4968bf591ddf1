#!/bin/sh
# Fixture: starts a modem that outlives this script, and waits until it can be used.
# start_modem.sh EG91XQ READY-FILE
set -eu
rm -f "$2"
nohup "$1" --control 0 --ready-file "$2" --latency instant >"$2.log" 2>&1 </dev/null &
modem=$!
until [ -s "$2" ]; do
  kill -0 "$modem" 2>/dev/null || { cat "$2.log"; exit 1; }
  sleep 0.05
done
