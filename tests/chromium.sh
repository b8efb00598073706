#!/usr/bin/env bash
# Makes sure that there is a Chromium: installs Debian's where that is possible.
set -euo pipefail
for name in chromium chromium-browser google-chrome chrome; do
  command -v "$name" >/dev/null && exit 0
done
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null; then
  echo "installing chromium"
  $as_root env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get -qq update && apt-get -qq install -y chromium >/dev/null' && exit 0
fi
echo "The browser tests need Chromium, and it could not be installed: install the package 'chromium' and try again." >&2
exit 1
