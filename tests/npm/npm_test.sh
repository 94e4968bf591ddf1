#!/bin/sh
# Hosts on npm, which nobody here wrote, at a pseudo-terminal of a real program.
# npm_test.sh EG91XQ DIRECTORY-FOR-PACKAGES
set -eu
program=$1
packages=$2
here=$(cd "$(dirname "$0")" && pwd)

. "$here/../support/npm_packages.sh"
npm_packages "hosts on npm"

"$program" --demo-broker off --port "pty:$packages/modem" -- \
  sh -c 'node serialport_gsm.mjs "$1" >said.txt' sh "$packages/modem"
cat said.txt
grep -q '^serial {"modemSerial":"866764060000019"}$' said.txt
grep -q '^signal {"signalQuality":"24"' said.txt
grep -q '^message Hello from npm 15550100001$' said.txt
