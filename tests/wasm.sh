#!/usr/bin/env bash
# wasm.sh FLAGS… PACKAGES… is go test inside Chromium: with vector instructions, and as
# the twin without. wasmbrowsertest serves the test binary and lets it read files.
set -euo pipefail
# The page gets the whole environment, and Go's wasm has room for a few kilobytes of
# it: hand over what is needed. The golden cases are looked for where they were.
runner="env -i HOME=$HOME PATH=$PATH GOROOT=$(go env GOROOT)"
for name in TERRARIUM_GOLDEN TERRARIUM_DATA; do
  if [ -n "${!name:-}" ]; then runner+=" $name=${!name}"; fi
done
runner+=" $PWD/.bin/wasmbrowsertest"
for experiment in simd nosimd; do
  echo "in Chromium, GOEXPERIMENT=$experiment"
  # One browser at a time: two cores are busy with one.
  GOOS=js GOARCH=wasm GOEXPERIMENT=$experiment go test -p 1 -vet=off -exec "$runner" "$@"
done
