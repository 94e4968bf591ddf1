#!/bin/sh
# Starts the modems of one pod. Their numbers begin at FIRST + ordinal * MODEMS, so that no two pods
# of a StatefulSet have one in common; the ordinal is the end of the pod's name.
set -eu

ordinal=${POD_NAME##*-}
case $ordinal in
  '' | *[!0-9]*)
    echo "start.sh: POD_NAME $POD_NAME does not end with an ordinal" >&2
    exit 2
    ;;
esac

# From inside a modem broker.demo leads to BROKER, at the ports of the demo broker.
host=${BROKER%:*}
set -- --resolve "broker.demo:1883=$BROKER" --resolve "broker.demo:8883=$host:$BROKER_TLS_PORT" "$@"

exec eg91xq --count "$MODEMS" --instance $((FIRST + ordinal * MODEMS)) --port tcp:0.0.0.0:5000+ \
  --demo-broker off --state-dir /state --ready-file /tmp/ready \
  --control 0.0.0.0:8080 --control-token "$MODEM_CONTROL_TOKEN" "$@"
