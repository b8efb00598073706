#!/usr/bin/env bash
# Everything that can be found wrong without running the code.
set -euo pipefail
unformatted=$("$(go env GOROOT)/bin/gofmt" -l .)
if [ -n "$unformatted" ]; then
  echo "not formatted, run gofmt -w on:" $unformatted >&2
  exit 1
fi
# The checks of `go vet` and of staticcheck, for every way in which a part is built:
# environment, tags, packages. Staticcheck is built for this machine first; as `go
# tool` it would be compiled for the machine that it is to look at.
GOEXPERIMENT=nosimd go build -o .bin/staticcheck honnef.co/go/tools/cmd/staticcheck
check() {
  local tags=$1
  shift
  go vet -tags "$tags" "$@"
  .bin/staticcheck -tags "$tags" "$@"
}
check "" ./...
check browser ./tests/... ./core/internal/wasmgen
check interop ./tests/interop
GOEXPERIMENT=nosimd check "" ./core/...
GOOS=js GOARCH=wasm check "" ./core/... ./bindings/... ./wasm/...
GOOS=js GOARCH=wasm check kernels ./core/internal/kernel ./wasm/...
GOOS=js GOARCH=wasm check engine,kernels ./wasm/...
GOOS=js GOARCH=wasm check engine,formats ./wasm/...
go run ./tests/lint house
go run ./tests/lint fused
