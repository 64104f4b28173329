#!/bin/sh
# Installs from Debian what the tests need beside Python. Prints a line for each thing that is missing and could not be installed.
cd "$(dirname "$0")/.." || exit 1
log=build/system.log

has_browser() { command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null; }
has_postgresql() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; }
has_browser && has_postgresql && exit

# All output goes to the log: a server that a package starts would keep our own output open.
install() {
    sudo=$([ "$(id -u)" = 0 ] || echo "sudo -n")
    mkdir -p build
    $sudo apt-get update >"$log" 2>&1 </dev/null &&
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
            -o DPkg::Lock::Timeout=120 "$@" >>"$log" 2>&1 </dev/null
}
if ! command -v apt-get >/dev/null; then
    why="this is not Debian, install it yourself"
elif [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
    why="neither root nor sudo without a password, install it yourself"
elif ! install chromium-headless-shell postgresql && ! install chromium postgresql; then
    why="apt-get failed, see $log"
fi

has_browser || echo "browser (no chromium: ${why:-the package has none})"
has_postgresql || echo "PostgreSQL (no server: ${why:-the package has none})"
exit 0
