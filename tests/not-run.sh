# Sourced: what to do about a part that this machine cannot run. At home it is one
# line; with CI=1 every part has to run, and it is a failure.
not_run() {
  echo "not run: $1"
  if [ -n "${CI:-}" ]; then exit 1; fi
}
