#!/bin/sh
# What stands in deploy/ and the Containerfile, without a cluster: the manifests as kubectl renders them,
# against the schemas of Kubernetes and what docs/fleet.md promises of them; the numbers of the modems that
# each pod gets; the SBOM of a real program.
# deploy_test.sh EG91XQ DIRECTORY-FOR-PACKAGES
set -eu
program=$(realpath "$1")
packages=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

# Debian has none that is new enough: it is counted as skipped, and is no failure.
if ! kubectl kustomize "$root/deploy/base" >/dev/null 2>&1; then
  echo "skipped: the manifests of deploy/: there is no kubectl that renders them"
  exit 0
fi
. "$here/../support/npm_packages.sh"
npm_packages "the schemas of Kubernetes"

for file in $(grep -rlE '^#!/bin/sh' "$root/deploy"); do
  sh -n "$file"
done
python3 -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$root/deploy/cost"

rm -rf rendered
mkdir rendered
for kustomization in base overlays/ci overlays/fleet-10k; do
  kubectl kustomize "$root/deploy/$kustomization" >"rendered/$(basename $kustomization).yaml"
done
node manifests.mjs "$("$program" --version)" "$root/Containerfile" rendered/*.yaml

# Two pods, as start.sh starts them, have no IMEI in common.
mkdir -p stand-in
printf '#!/bin/sh\necho "$*"\n' >stand-in/eg91xq
chmod +x stand-in/eg91xq
started() { # POD
  POD_NAME=$1 MODEMS=10 FIRST=20 BROKER=broker.example:1884 BROKER_TLS_PORT=8884 MODEM_CONTROL_TOKEN=token \
    PATH="$PWD/stand-in:$PATH" sh "$root/deploy/base/start.sh" --log-level error
}
for pod in eg91xq-0 eg91xq-1 eg91xq-11; do
  identity=$(started $pod | grep -o -e '--count [0-9]* --instance [0-9]*')
  "$program" $identity --port tcp:127.0.0.1:0 --demo-broker off --ready-file "$PWD/ready" -- \
    grep -o '"imei":"[0-9]*"' "$PWD/ready" 2>said || { cat said >&2; exit 1; }
done >imeis
[ "$(sort -u imeis | wc -l)" -eq 30 ] || { echo "two pods have a modem in common"; exit 1; }
started eg91xq-1 | grep -q -e '--instance 30 .*--resolve broker.demo:1883=broker.example:1884 --resolve broker.demo:8883=broker.example:8884 --log-level error$'
if started eg91xq 2>/dev/null; then
  echo "a pod without an ordinal starts"
  exit 1
fi

SOURCE_DATE_EPOCH=0 "$root/deploy/sbom" "$program" >sbom.json
node sbom.mjs sbom.json
echo "manifests, instances and SBOM are as they should be"
