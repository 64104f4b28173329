#!/bin/sh
# Installs from Debian what the tests need beside Python. Prints one line for each thing that is missing and could not be installed.
cd "$(dirname "$0")/.." || exit 1
log=build/system.log

no_chromium() { ! command -v chromium >/dev/null; }
no_postgresql() { ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

install() {
    command -v apt-get >/dev/null || { echo "not a Debian system, install it yourself"; return; }
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || { echo "not root and no sudo without a password"; return; }
    as_root=$([ "$(id -u)" = 0 ] || echo "sudo -n")
    mkdir -p build
    # The log takes the output because a database server that the package starts must not hold our own open.
    { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"; } >"$log" 2>&1 </dev/null \
        || echo "apt-get failed, see $log"
}

wanted="$(! no_chromium || echo chromium) $(! no_postgresql || echo postgresql)"
[ "$wanted" = " " ] && exit
# shellcheck disable=SC2086 # one word a package
why=$(install $wanted)
! no_chromium || echo "browser (no chromium: ${why:-the package brought none})"
! no_postgresql || echo "PostgreSQL (no server: ${why:-the package brought none})"
