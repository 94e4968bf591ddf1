#!/bin/sh
# Unpacks a release; the programs are then in DIRECTORY/bin.
# install.sh TARBALL DIRECTORY, where TARBALL is a path or a URL
set -eu
tarball=$1
directory=$2
mkdir -p "$directory"
case $tarball in
  *://*)
    curl --fail --silent --show-error --location --retry 3 --output "$directory/eg91xq.tar.xz" "$tarball"
    tarball=$directory/eg91xq.tar.xz
    ;;
esac
tar -xJf "$tarball" -C "$directory" --strip-components=1
"$directory/bin/eg91xq" --version
