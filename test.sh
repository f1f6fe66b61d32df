#!/usr/bin/env bash
# Builds everything and runs all tests. Ends with the line "N passed, N failed".
#   ./test.sh [any option of dotnet test, such as --filter FullyQualifiedName~Workflow]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

eng/bootstrap.sh
dotnet build SingleWindowBridge.sln -c Release -v quiet --nologo

results=artifacts/test-results
rm -rf "$results"
status=0
dotnet test SingleWindowBridge.sln -c Release --no-build --nologo --logger trx --results-directory "$results" "$@" || status=$?

count() { grep -rhoE " $1=\"[0-9]+\"" "$results" --include='*.trx' 2>/dev/null | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }
passed=$(count passed)
failed=$(count failed)
if [ "$((passed + failed))" -eq 0 ] || { [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; }; then
  failed=$((failed + 1)) # No test ran, or the run broke off.
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
