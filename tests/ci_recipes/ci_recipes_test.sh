#!/bin/sh
# The recipes of examples/ci: all that can run here runs, around a tarball made of the program; the rest
# is checked as far as its form goes.
# ci_recipes_test.sh EG91XQ DIRECTORY
# EG91XQ_PREFIX: where an eg91xq with its CMake package is installed, for the recipe of CTest.
set -eu
program=$(realpath "$1")
mkdir -p "$2"
packages=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
part=
trap 'code=$?; [ $code -eq 0 ] || echo "failed: $part"' EXIT

cd "$packages"
rm -rf work
mkdir work
cd work
ci=$root/examples/ci

part="scripts and YAML"
find "$ci" -name '*.sh' -exec shellcheck {} +
yamllint --strict -c "$here/yamllint.yml" "$ci"

part="versions"
version=$("$program" --version | sed 's/.* //')
if grep -rnE '(eg91xq[-:]|github@v|default: ")[0-9]+\.[0-9]+\.[0-9]+' "$ci" | grep -vF "$version"; then
  echo "this is $version"
  exit 1
fi

part="the table of README.md"
for recipe in "$ci"/*/; do
  grep -qF "| [$(basename "$recipe")](" "$ci/README.md" || { echo "$recipe is not in it"; exit 1; }
done

part="tarball"
release=eg91xq-$version-linux-x86_64
mkdir -p "$release/bin" "$release/lib" "$release/share"
cp "$program" "$release/bin/eg91xq"
tar -c "$release" | xz -0 >"$release.tar.xz"
tarball=$PWD/$release.tar.xz

part=host
"$ci/host/build.sh" "$PWD/host"
"$program" --latency instant -- ./host >/dev/null 2>&1
[ "$("$program" --latency instant --internet loopback --resolve broker.demo=192.0.2.1 -- ./host 2>/dev/null)" = "not published" ]

part=shell
EG91XQ=$program "$ci/shell/ci.sh" shell ./host
[ ! -e shell ]
code=0
EG91XQ=$program "$ci/shell/ci.sh" shell sh -c './host && exit 4' || code=$?
[ $code -eq 4 ]
grep -q '"topic":"plant/1"' shell/journal.ndjson
grep -q QMTPUBEX shell/trace.txt
code=0
EG91XQ=$program MODEM_OPTIONS='--model none' "$ci/shell/ci.sh" shell true 2>said || code=$?
[ $code -ne 0 ]
grep -q model said

part=pytest
EG91XQ=$program PYTHONPATH=$root/python PYTHONDONTWRITEBYTECODE=1 "$python" -m pytest -p no:cacheprovider -q \
  -p eg91xq.pytest_plugin "$ci/pytest" --modem-artifacts pytest --junitxml pytest/junit.xml

part=ctest
if [ -n "${EG91XQ_PREFIX:-}" ]; then
  cmake -S "$ci/ctest" -B ctest -D CMAKE_PREFIX_PATH="$EG91XQ_PREFIX" >said || { cat said; exit 1; }
  cmake --build ctest >said || { cat said; exit 1; }
  ctest --test-dir ctest --output-on-failure
  grep -q '"topic":"plant/1"' ctest/slow.ndjson
else
  echo "skipped: the recipe of CTest: EG91XQ_PREFIX does not name an installed eg91xq"
fi

# C for tools that are not here, with as much of them as it takes.
stand_in() { # PROGRAM ARGUMENT-OF-CC...
  made=$1
  shift
  "${CC:-cc}" -Wall -Wextra -Werror -I "$here/stand_in" -I "$root/examples/ctest" -o "$made" "$@"
  "$program" --latency instant --fail-on lint -- "./$made" 2>said || { cat said; exit 1; }
}
firmware=$root/examples/ctest/firmware.c

part="ceedling and platformio"
stand_in unity "$ci/platformio/test/test_publishes/test_main.c" "$firmware"
mkdir -p pio/native
cp unity pio/native/program
PATH=$(dirname "$program"):$PATH "$python" "$here/play.py" platformio "$root" pio

part=zephyr
stand_in zephyr -D_GNU_SOURCE "$ci/zephyr/src/main.c"

part=esp-idf
echo 'extern void app_main(void); int main(void) { app_main(); }' >main.c
stand_in esp-idf main.c "$ci/esp-idf/main/app.c" "$firmware" >said
grep -qx 'published: yes' said

for part in github jenkins; do
  "$python" "$here/play.py" $part "$root" "$tarball"
done
part=compose
"$python" "$here/play.py" compose "$root" "$program" >compose.log 2>&1 || { cat compose.log; exit 1; }
grep '^skipped: ' compose.log || true

part="packages of npm"
. "$here/../support/npm_packages.sh"
npm_packages "the linters of CI files, and the player of GitLab's"

part=schemas
node_modules/.bin/action-validator "$ci/github/action.yml"
node_modules/.bin/action-validator "$ci/github/workflow.yml"
node lint.mjs "$ci/github/workflow.yml" "$ci/compose/compose.yml"

part=gitlab
gitlab() { # HOST, what the recipe runs as ./host
  rm -rf work/gitlab
  mkdir -p work/gitlab/bin
  cp -r "$root/examples" work/gitlab
  cd work/gitlab
  sed "s,-- ./host,-- $1," "$ci/gitlab/.gitlab-ci.yml" >.gitlab-ci.yml
  printf '#!/bin/sh\n' >bin/apt-get # what it would install is here
  chmod +x bin/apt-get
  git init -q
  git add .gitlab-ci.yml examples
  git -c user.name=test -c user.email=test@example.org commit -qm recipe
  git remote add origin git@example.org:group/firmware.git
  PATH=$PWD/bin:$PATH "$packages/node_modules/.bin/gitlab-ci-local" --force-shell-executor \
    --no-shell-isolation --variable "EG91XQ_TARBALL=file://$tarball"
}
(gitlab ./host) >said 2>&1 || { cat said; exit 1; }
if (gitlab false) >said 2>&1; then
  echo "firmware that does not work passes"
  exit 1
fi
grep -q 'FAIL 1' said
[ -s work/gitlab/modem/journal.ndjson ]
echo "the recipes are as they should be"
