#!/usr/bin/env bash
# Every check: runs all of them even after a failure, says how long each took, and ends with the summary of the tests.
# Arguments go to pytest. WORKERS says how many processes the tests use.
set -uo pipefail
cd "$(dirname "$0")/.."
faults=()

missing=$(tools/system.sh)
[[ -z $missing || -z ${CI:-} ]] || faults+=("what CI must have")

for check in lint types imports templates; do
    start=$SECONDS
    output=$(make --silent --no-print-directory "$check" 2>&1) && verdict=ok || { verdict=FAILED; faults+=("$check"); }
    [[ $verdict = ok ]] || printf '%s\n' "$output"
    printf '%-10s %-6s %3d s\n' "$check" "$verdict" $((SECONDS - start))
done

.venv/bin/pytest -n "${WORKERS:-2}" "$@" || faults+=(tests)

[[ -z $missing ]] || sed 's/^/NOT RUN: /' <<<"$missing"
((${#faults[@]} == 0)) || { printf 'FAILED:%s\n' "$(printf ' %s,' "${faults[@]}" | sed 's/,$//')"; exit 1; }
