#!/bin/sh
# What a release program has to make flaws harder to use: hardening_test.sh COMPILER PROGRAM... Says all that
# is missing.
set -eu
compiler=$1
shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
code=0

# Start files without the mark take it from whatever is linked with them.
echo 'int main() {}' >"$scratch/plain.cpp"
marks() { readelf -nW "$1" | grep -q 'IBT, SHSTK'; }
has_marks=no
if "$compiler" -fcf-protection "$scratch/plain.cpp" -o "$scratch/plain" 2>/dev/null && marks "$scratch/plain"; then
  has_marks=yes
fi

# Whole at first: behind a grep that has seen enough, readelf would find no reader.
wants() { grep -qE "$2" "$scratch/$1" || missing "$3"; }
missing() { echo "$program: $1" >&2; code=1; }

for program in "$@"; do
  readelf -hlW "$program" >"$scratch/head"
  readelf -dW "$program" >"$scratch/dynamic"
  readelf -W --dyn-syms "$program" >"$scratch/symbols"
  wants head 'Position-Independent Executable' 'is not position-independent'
  wants head 'GNU_RELRO' 'has no RELRO'
  wants dynamic 'BIND_NOW|Flags:.* NOW' 'binds late, so that RELRO is not full'
  wants symbols '__stack_chk_fail' 'has no stack protector'
  wants symbols '__[a-z]+_chk(@|$)' 'has no fortified calls'
  if ! grep -q 'GNU_STACK.* RW ' "$scratch/head"; then missing 'has an executable stack'; fi
  if [ $has_marks = yes ] && ! marks "$program"; then missing 'has no mark for IBT and SHSTK'; fi
done
exit $code
