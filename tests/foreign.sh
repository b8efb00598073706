#!/usr/bin/env bash
# foreign.sh v3|arm64 PACKAGES… runs tests compiled for another instruction set.
set -euo pipefail
source "$(dirname "$0")/not-run.sh"
machine=$1
shift
case $machine in
v3)
  if [ "$(go env GOHOSTARCH)" != amd64 ] || ! grep -qw avx2 /proc/cpuinfo 2>/dev/null; then
    echo "not run: GOAMD64=v3, this processor is none" # no failure: a machine is what it is
    exit 0
  fi
  GOARCH=amd64 GOAMD64=v3 go test "$@"
  ;;
arm64)
  if [ "$(go env GOHOSTARCH)" = arm64 ]; then
    go test "$@"
  elif command -v qemu-aarch64-static >/dev/null; then
    # No -race, no vet: an emulated processor is slow enough.
    GOARCH=arm64 CGO_ENABLED=0 go test -vet=off -exec qemu-aarch64-static "$@"
  else
    not_run "arm64, it needs qemu-aarch64-static (Debian's package qemu-user-static)"
  fi
  ;;
*)
  echo "foreign.sh: no machine $machine" >&2
  exit 2
  ;;
esac
