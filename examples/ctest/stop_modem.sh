#!/bin/sh
# Fixture: ends the modem of a ready file. stop_modem.sh READY-FILE
set -eu
kill "$(sed 's/.*"pid":\([0-9]*\).*/\1/' "$1")"
while [ -e "$1" ]; do sleep 0.05; done
