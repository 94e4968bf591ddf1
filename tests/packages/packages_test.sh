#!/bin/sh
# Debian package and tarball, made and used as others use them: packages_test.sh SCRATCH. The same bytes
# twice; lintian has nothing to say; installed in a fresh Debian 12, used there and removed; the tarball
# on Debian 12 and 13, and its CMake package in a project.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$1
fail() { echo "packages: $*"; exit 1; }
missing() {
  echo "skipped: packages: $*"
  [ -z "${CI:-}" ] || exit 1
  exit 0
}

[ "$(id -u)" = 0 ] || missing "a root of its own needs root"
command -v mmdebstrap >/dev/null || missing "mmdebstrap is not installed"
command -v lintian >/dev/null || missing "lintian is not installed"
rm -rf "$scratch"
mkdir -p "$scratch"

cd "$root"
version=$(sed -n 's/^project(eg91xq VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
deb=dist/eg91xq_${version}_$(dpkg --print-architecture).deb
tarball=dist/eg91xq-$version-linux-$(uname -m).tar.xz

scripts/package deb tarball
sha256sum "$deb" "$tarball" >"$scratch/first"
scripts/package deb tarball >/dev/null
sha256sum --quiet -c "$scratch/first" || fail "made twice, and not the same"
said=$(lintian --allow-root --fail-on none "$deb" 2>&1) || true
[ -z "$said" ] || fail "lintian: $said"

# $1: the release; makes $scratch/$1.
fresh() {
  mmdebstrap --quiet --skip=cleanup/apt/lists --variant=minbase --include=ca-certificates "$1" "$scratch/$1" \
    "deb http://deb.debian.org/debian $1 main" 2>"$scratch/$1.log"
}
# $1: the release; then a command in it, without a way to this machine's files.
inside() {
  release=$1
  shift
  unshare --mount --pid --fork sh -eu -c '
    place=$1
    shift
    mount -t proc proc "$place/proc"
    mount --rbind /dev "$place/dev"
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 chroot "$place" "$@"' \
    inside "$scratch/$release" "$@"
}
# A session at the program $2 of the release $1, whose answer has to come.
session() {
  said=$(printf 'ATI\r' | inside "$1" "$2" --port stdio --power at-start --demo-broker off 2>&1)
  echo "$said" | grep -q EG916Q || fail "$1: no answer to ATI: $said"
}

fresh bookworm || missing "Debian 12 is not to be had: $(tail -1 "$scratch/bookworm.log")"
mkdir "$scratch/bookworm/opt/modem"
tar -C "$scratch/bookworm/opt/modem" --strip-components=1 -xf "$tarball"
session bookworm /opt/modem/bin/eg91xq
inside bookworm ldd /opt/modem/bin/eg91xq /opt/modem/bin/eg91xq-conformance /opt/modem/bin/eg91xq-storm |
  grep 'not found' && fail "the tarball lacks a library"
[ -n "$(inside bookworm /opt/modem/bin/eg91xq-conformance --list)" ] || fail "the suite has no cases"

cp "$deb" "$scratch/bookworm/tmp/eg91xq.deb"
cp -L /etc/resolv.conf "$scratch/bookworm/etc/" 2>/dev/null || true
inside bookworm apt-get install -y --no-install-recommends /tmp/eg91xq.deb >>"$scratch/apt.log" 2>&1 ||
  fail "it cannot be installed: $(tail -3 "$scratch/apt.log")"
session bookworm eg91xq
inside bookworm eg91xq doctor --demo-broker off >/dev/null || fail "the doctor finds something to fix"
inside bookworm eg91xq --latency instant --demo-broker off -- sh -c 'test -c "$MODEM_PORT"' ||
  fail "no port for a command"
[ -n "$(inside bookworm eg91xq-conformance --list)" ] || fail "the installed suite has no cases"
inside bookworm dpkg -L eg91xq | sort >"$scratch/files"
inside bookworm apt-get purge -y eg91xq >>"$scratch/apt.log" 2>&1 || fail "it cannot be removed"
while read -r file; do
  [ ! -f "$scratch/bookworm$file" ] || fail "removed, and $file is there"
done <"$scratch/files"

mkdir "$scratch/modem"
tar -C "$scratch/modem" --strip-components=1 -xf "$tarball"
project=$root/tests/packages/project
cmake -S "$project" -B "$scratch/project" -G Ninja -D CMAKE_PREFIX_PATH="$scratch/modem" >"$scratch/cmake.log" 2>&1 ||
  fail "$(tail -5 "$scratch/cmake.log")"
ctest --test-dir "$scratch/project" --output-on-failure >"$scratch/ctest.log" 2>&1 || fail "$(cat "$scratch/ctest.log")"

if fresh trixie; then
  mkdir "$scratch/trixie/opt/modem"
  tar -C "$scratch/trixie/opt/modem" --strip-components=1 -xf "$tarball"
  session trixie /opt/modem/bin/eg91xq
else
  echo "skipped: packages: Debian 13 is not to be had: $(tail -1 "$scratch/trixie.log")"
fi
rm -rf "$scratch/bookworm" "$scratch/trixie"
