#!/usr/bin/env bash
# Every check: runs all of them even after a failure, says how long each took, and ends with the summary of the tests.
# Arguments go to pytest. WORKERS says how many processes the tests use. The types are checked beside the tests.
set -uo pipefail
cd "$(dirname "$0")/.."
faults=()

missing=$(tools/system.sh)
[[ -z $missing || -z ${CI:-} ]] || faults+=("what CI must have")

check() {
    local output verdict=ok start=$SECONDS
    output=$(make --silent --no-print-directory "$1" 2>&1) || verdict=FAILED
    [[ $verdict = ok ]] || printf '%s\n' "$output"
    printf '%-10s %-6s %3d s\n' "$1" "$verdict" $((SECONDS - start))
    [[ $verdict = ok ]]
}

types=$(mktemp)
check types >"$types" &
checking=$!
for each in lint imports templates; do
    check "$each" || faults+=("$each")
done

.venv/bin/pytest -n "${WORKERS:-2}" --dist worksteal "$@" || faults+=(tests)

wait "$checking" || faults+=(types)
cat "$types"
rm "$types"
[[ -z $missing ]] || sed 's/^/NOT RUN: /' <<<"$missing"
((${#faults[@]} == 0)) || { printf 'FAILED:%s\n' "$(printf ' %s,' "${faults[@]}" | sed 's/,$//')"; exit 1; }
