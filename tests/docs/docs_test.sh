#!/bin/sh
# The documentation: README.md is short, every link of every page leads somewhere, what is generated is
# what the programs say, the tutorial's commands print what it shows, and the site builds without a
# warning and loads nothing from elsewhere.
# docs_test.sh EG91XQ
set -eu
program=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1
bin=$(dirname "$program")
PATH=$bin:$PATH

lines=$(wc -l <"$root/README.md")
[ "$lines" -le 130 ] || { echo "README.md has $lines lines; 130 are enough"; exit 1; }

# The check itself: it sees what leads nowhere, and nothing in code.
mkdir "$work/tree"
git -C "$work/tree" init -q
cat >"$work/tree/page.md" <<'END'
# A page: `code` & more

[itself](#a-page-code--more) [page](page.md) `[not](a-link.md)` [elsewhere](https://example.com/)

```
[not](one-either.md)
```

[gone](gone.md)
[no heading](page.md#gone)
END
"$root/docs/check" "$work/tree" >"$work/said" && { echo "docs/check sees no broken link"; exit 1; }
[ "$(cut -d: -f1,2 "$work/said" | tr '\n' ' ')" = "page.md:9 page.md:10 " ] || { cat "$work/said"; exit 1; }

"$root/docs/check" "$root"
"$root/docs/generate" --check "$bin"
python3 -m doctest "$root/tests/bench/table.py"
python3 "$root/tests/docs/play_page.py" "$root/docs/tutorial/first-failing-test.md" \
  "$root/docs/tutorial/first-fault.md"

if command -v mkdocs >/dev/null; then
  "$root/docs/build" "$work/site"
  "$root/docs/check" --site "$work/site"
  [ -s "$work/site/search/search_index.json" ] || { echo "the site has no search"; exit 1; }
elif [ "${CI:-}" ]; then
  echo "there is no mkdocs"
  exit 1
else
  echo "skipped: the site of the documentation: there is no mkdocs"
fi
