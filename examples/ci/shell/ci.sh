#!/bin/sh
# Runs a command beside a modem, in any CI that has a shell; when it fails, what the modem saw is kept.
# ci.sh DIRECTORY COMMAND [ARGUMENT...], where DIRECTORY is for journal, trace and log
# MODEM_OPTIONS: options of eg91xq. The modem is for all that COMMAND does; where one program is all,
# `eg91xq OPTIONS -- COMMAND` does.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
directory=$1
shift
set -f # words, not patterns
# shellcheck disable=SC2086
"$here/start.sh" "$directory" ${MODEM_OPTIONS---latency instant}
while IFS='=' read -r name value; do
  export "$name=$value"
done <"$directory/environment"
code=0
"$@" || code=$?
kill "$MODEM_PID" 2>/dev/null || true
while [ -e "$directory/ready.json" ]; do sleep 0.05; done
if [ "$code" -ne 0 ]; then
  echo "$1 ended with $code; what the modem saw is in $directory" >&2
  exit "$code"
fi
rm -r "$directory"
