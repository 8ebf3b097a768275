#!/bin/sh
# The browser tests drive Debian's Chromium; it is installed where that is allowed.
set -eu
if command -v chromium >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's chromium for the browser tests …"
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
else
    echo "The browser tests need Chromium; run: sudo apt-get install chromium fonts-dejavu-core" >&2
    exit 1
fi
