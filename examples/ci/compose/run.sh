#!/bin/sh
# The tests of compose.yml: the host publishes, and the message has to come out at the broker.
# MODEM: the modem's HOST:PORT. BROKER: the broker's host.
set -eu
scratch=$(mktemp -d)

# Firmware wants a path: a pseudo-terminal that leads to the modem.
socat "PTY,link=$scratch/modem,rawer" "TCP:$MODEM" &
port=$!
trap 'kill "$port" 2>/dev/null || true; rm -r "$scratch"' EXIT
mosquitto_sub -h "$BROKER" -t 'plant/#' -C 1 -W 30 >"$scratch/message" &
subscriber=$!
until [ -e "$scratch/modem" ]; do sleep 0.05; done
sleep 1 # until it has subscribed

MODEM_PORT=$scratch/modem host
wait "$subscriber"
grep -qx '21.5' "$scratch/message"
echo "the broker got it"
