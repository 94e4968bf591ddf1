#!/bin/sh
# scripts/release on a copy of the tree: release_test.sh PROGRAM SCRATCH. Versions, changelog, commit, tag
# and sums; what it refuses. Building and packing have tests of their own, so PROGRAM stands in for them.
set -eu
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
program=$1
scratch=$2
fail() { echo "release: $*"; exit 1; }

rm -rf "$scratch"
mkdir -p "$scratch/tree"
cd "$root"
git ls-files -z | xargs -0 cp --parents -P -t "$scratch/tree"
cd "$scratch/tree"
git init -q
git config user.email maintainer@example.org
git config user.name Maintainer
printf '#!/bin/sh\nmkdir -p build/release/bin\nfor name in eg91xq eg91xq-storm eg91xq-conformance; do ln -sf %s/$name build/release/bin/; done\n' \
  "$(dirname "$program")" >scripts/build
printf '#!/bin/sh\n[ -z "${BROKEN:-}" ] || exit 1\nmkdir -p dist\nfor kind in "$@"; do echo $kind >dist/$kind; done\n' >scripts/package
printf '#!/bin/sh\n' >scripts/setup
git add -A
git commit -q -m Before

# $1: the exit code, $2: what is said; then the words.
refused() {
  code=0
  said=$(shift 2; scripts/release "$@" 2>&1) || code=$?
  [ $code -eq "$1" ] || fail "'$said' ends with $code, not $1"
  echo "$said" | grep -q -- "$2" || fail "'$said' does not say '$2'"
  [ -z "$(git status --porcelain)" ] || fail "refused, and the tree has changed"
}
refused 2 usage
refused 2 usage 1.2
refused 2 usage v1.2.3
refused 2 usage 01.2.3
refused 2 usage 1.2.3 --fast
refused 1 'older than' 0.0.9
refused 1 'not of version 7.8.9: CMakeLists.txt' --check 7.8.9
touch new
code=0
scripts/release 7.8.9 2>../said || code=$?
[ $code -eq 1 ] || fail "a tree with changes ends with $code"
grep -q 'not committed' ../said || fail "$(cat ../said)"
rm new

code=0
BROKEN=yes scripts/release 7.8.9 --no-test --no-image 2>../said || code=$?
[ $code -eq 1 ] || fail "packages that fail end with $code"
grep -q 'again goes on' ../said || fail "$(cat ../said)"
! git rev-parse -q --verify v7.8.9 >/dev/null || fail "a tag without packages"
scripts/release 7.8.9 --no-test --no-image >../said
grep -q 'tagged v7.8.9' ../said || fail "$(cat ../said)"

scripts/release --check 7.8.9 | grep -qx 'the tree is version 7.8.9' || fail "--check does not agree"
[ "$(git log -1 --format=%s)" = 'Release 7.8.9' ] || fail "no commit"
git rev-parse -q --verify v7.8.9 >/dev/null || fail "no tag"
[ -z "$(git status --porcelain)" ] || fail "it leaves changes: $(git status --porcelain)"
former=$(git show HEAD~:CMakeLists.txt | sed -n 's/^project(eg91xq VERSION \([0-9.]*\).*/\1/p')
! git grep -nF "$former" -- Containerfile deploy docs examples ':!*package-lock.json' || fail "the former version is still named"
tests/upgrade/upgrade_test.sh "$program" | grep -q 'of 2 version' || fail "what it writes is not kept"
cd dist
sha256sum --quiet -c SHA256SUMS || fail "SHA256SUMS"
[ "$(ls)" = "$(printf '%s\n' LICENSE SHA256SUMS deb eg91xq-7.8.9-licences.txt eg91xq-7.8.9.spdx.json eg91xq-conformance-7.8.9.spdx.json eg91xq-storm-7.8.9.spdx.json tarball | LC_ALL=C sort)" ] ||
  fail "in dist: $(ls)"
grep -q 'libssl3	.*Apache-2.0' eg91xq-7.8.9-licences.txt || fail "licences: $(cat eg91xq-7.8.9-licences.txt)"
cd ..
refused 1 'already' 7.8.9
