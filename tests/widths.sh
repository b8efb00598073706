#!/usr/bin/env bash
# Runs the given packages' tests at every vector width this machine has. A program
# refuses, as it starts, a width that its processor lacks.
set -euo pipefail
source "$(dirname "$0")/not-run.sh"
binaries=$(mktemp -d)
trap 'rm -rf "$binaries"' EXIT
go test -c -o "$binaries/" "$@"
kernel="$binaries/kernel.test"
for width in 0 128 256 512; do
  if ! GODEBUG=simd=$width "$kernel" -test.run '^$' >/dev/null 2>&1; then
    # A machine is what it is: this is no failure, not even with CI=1.
    echo "not run: vectors of $width bits, this processor has none"
    continue
  fi
  echo "vectors of $width bits"
  GODEBUG=simd=$width go test -short "$@"
done
