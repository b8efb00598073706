#!/usr/bin/env bash
# fuzz.sh TIME runs every fuzz target of the project for that long.
set -euo pipefail
grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | while IFS=: read -r file func; do
  echo "${func#func } in $(dirname "$file")"
  go test -run '^$' -fuzz "^${func#func }\$" -fuzztime "$1" -fuzzminimizetime 5s "$(dirname "$file")" </dev/null
done
