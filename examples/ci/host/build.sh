#!/bin/sh
# Builds the host of these recipes. build.sh FILE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
firmware=$here/../../ctest
"${CC:-cc}" -std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -I "$firmware" -o "$1" \
  "$here/host.c" "$firmware/firmware.c"
