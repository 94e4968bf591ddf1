#!/bin/sh
# The page of the control interface in a browser: it shows what a host does, why something failed, does
# what it offers, and can be used by everybody.
# page_test.sh EG91XQ DIRECTORY-FOR-PACKAGES
set -eu
program=$(realpath "$1")
packages=$2
here=$(cd "$(dirname "$0")" && pwd)

if ! [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
  echo "skipped: there is no chromium"
  [ -z "${CI:-}" ]
  exit
fi
. "$here/../support/npm_packages.sh"
npm_packages "the browser's driver"
export EG91XQ_PAGE="$here/../../page"
node model_test.mjs
node transcript_test.mjs
exec node page_test.mjs "$program" "$packages/scratch"
