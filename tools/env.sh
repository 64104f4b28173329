#!/bin/sh
# Makes .venv hold what requirements/run.txt locks, or with "test" what requirements/test.txt locks (which contains run.txt).
# An environment for tests stays one, so that switching between `make demo` and `make test` reinstalls nothing.
set -eu
cd "$(dirname "$0")/.."
lock=$1
[ ! -f .venv/test.stamp ] || lock=test

for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11} ''; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
done
[ -n "$python" ] || { echo "hrdtracker needs Python 3.11 or newer. Say where it is: make env PYTHON=/path/to/python3" >&2; exit 1; }

if [ ! -x .venv/bin/uv ]; then
    "$python" -m venv .venv || { echo "Python's venv is missing (Debian: apt install python3-venv)." >&2; exit 1; }
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
.venv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes "requirements/$lock.txt"

# The checkout itself is neither built nor installed, which would need a build tool: one line of path, and the console command.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
printf '%s\n' "$PWD" >"$site/hrdtracker.pth"
cat >.venv/bin/hrdtracker <<END
#!/bin/sh
# Python keeps the compiled form of our files whatever it was told elsewhere: a start takes half the time.
export PYTHONDONTWRITEBYTECODE=
exec "$PWD/.venv/bin/python" -P -c 'from hrdtracker.cli.main import main; main(prog_name="hrdtracker")' "\$@"
END
chmod +x .venv/bin/hrdtracker

touch .venv/run.stamp
[ "$lock" != test ] || touch .venv/test.stamp
