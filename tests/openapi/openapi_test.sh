#!/bin/sh
# The OpenAPI document of a real program, judged by a validator that nobody here wrote [CTL-3], and
# a document with an error, which it must refuse.
# openapi_test.sh EG91XQ DIRECTORY-FOR-PACKAGES
set -eu
program=$1
packages=$2
here=$(cd "$(dirname "$0")" && pwd)

. "$here/../support/npm_packages.sh"
npm_packages "the OpenAPI validator"

"$program" --demo-broker off --port tcp:0 --control 0 -- \
  sh -c '"$1" ctl openapi >document.json' sh "$program" >/dev/null
node validate.mjs <document.json
sed 's/"info":/"information":/' document.json >wrong.json
if node validate.mjs <wrong.json 2>/dev/null; then
  echo "the validator takes a wrong document for a right one"
  exit 1
fi
