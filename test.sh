#!/usr/bin/env bash
# Builds everything and runs all tests: those of the solution on SQLite, those that touch the store again on a private PostgreSQL,
# then the scripts in tests/. Ends with the line "N passed, N failed".
#   ./test.sh [any option of dotnet test, such as --filter FullyQualifiedName~Workflow]    then the solution's alone
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

eng/bootstrap.sh
dotnet build SingleWindowBridge.sln -c Release -v quiet --nologo

results=artifacts/test-results
rm -rf "$results"
status=0
run() { # project or solution, option...
  dotnet test "$1" -c Release --no-build --nologo --blame-hang-timeout 10m --blame-hang-dump-type none --logger trx --results-directory "$results" "${@:2}" || status=$?
}

run SingleWindowBridge.sln "$@"

if [ $# -eq 0 ]; then
  # What speaks the wire's bytes or reads the catalogue's files is the same on either engine.
  if cluster=$(eng/postgres.sh start); then
    { read -r directory && read -r connection; } <<<"$cluster"
    trap 'eng/postgres.sh stop "$directory"' EXIT
    export BRIDGE_TEST_ENGINE=postgres BRIDGE_TEST_POSTGRES=$connection
    run tests/Server --filter 'FullyQualifiedName!~.Wire.&FullyQualifiedName!~.Catalogue.'
    run tests/EndToEnd
    run tests/Faults --filter 'FullyQualifiedName~.DatabaseFaults'
    unset BRIDGE_TEST_ENGINE BRIDGE_TEST_POSTGRES
  else
    status=1
  fi
fi

count() { grep -rhoE " $1=\"[0-9]+\"" "$results" --include='*.trx' 2>/dev/null | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }
# What failed and why, once more and at the end, where a long log is looked at first.
find "$results" -name '*.trx' -exec awk '
  /<UnitTestResult .* outcome="Failed"/ { match($0, /testName="[^"]+"/); print "failed: " substr($0, RSTART + 10, RLENGTH - 11); failed = 1 }
  failed && /<Message>/ { said = 1 }
  said { ends = /<\/Message>/; gsub(/^ *<Message>|<\/Message>.*/, ""); if (said++ <= 12) print "    " $0; if (ends) said = 0 }
  /<\/UnitTestResult>/ { failed = 0 }' {} + 2>/dev/null || true
passed=$(count passed)
failed=$(count failed)
if [ "$((passed + failed))" -eq 0 ] || { [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; }; then
  failed=$((failed + 1)) # No test ran, or the run broke off.
fi

script() { # command...: adds what its last line counts
  echo "== $1"
  "$@" 2>&1 | tee artifacts/script.log || true
  if [[ $(tail -n 1 artifacts/script.log) =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    failed=$((failed + 1))
  fi
}

if [ $# -eq 0 ]; then
  script tests/bootstrap.sh
  script tests/conformance.sh --no-build
  script tests/samples.sh --no-build
  script tests/package.sh --no-build
  script tests/tool.sh --no-build
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
