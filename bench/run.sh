#!/usr/bin/env bash
# The project's benches, each in one command. Prints a table and a last line with the figure that counts.
#   bench/run.sh grpc    the gRPC pipeline beside the bare official server (docs/performance.md)
#   bench/run.sh sdk     a unary call by the SDK beside the same by the raw stub
#   bench/run.sh submit [ROUNDS [SECONDS A TURN]]    durable submissions through gRPC beside the same transaction by pgbench
#   bench/run.sh feed [SECONDS [FOLLOWERS]]    how soon followers have a receipt; memory of 10,000 of them on one server
#   bench/run.sh size [CASES [RECEIPTS A CASE [AUTHORITIES]]]    what a call asks PostgreSQL for, at a million cases
#   bench/run.sh overload [SECONDS]    ten times as many submissions as the server keeps up with, from a hundred authorities
#   bench/run.sh flood [SECONDS A TURN]    an honest client beside floods: its p99, the server's memory
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

need_h2load() { # Debian's nghttp2-client
    command -v h2load >/dev/null && return
    local sudo=()
    [[ $(id -u) -eq 0 ]] || sudo=(sudo)
    "${sudo[@]}" apt-get update -qq && "${sudo[@]}" apt-get install -y -qq nghttp2-client >/dev/null
}

grpc() {
    need_h2load
    "$root/eng/bootstrap.sh"
    dotnet build "$root/bench/Wire" -c Release -v quiet --nologo
    dotnet "$root/bench/Wire/bin/Release/net10.0/SingleWindowBridge.Bench.Wire.dll"
}

sdk() {
    "$root/eng/bootstrap.sh"
    dotnet build "$root/bench/Sdk" -c Release -v quiet --nologo
    dotnet "$root/bench/Sdk/bin/Release/net10.0/SingleWindowBridge.Bench.Sdk.dll"
}

size() {
    "$root/eng/bootstrap.sh"
    dotnet build "$root/bench/Size" -c Release -v quiet --nologo
    local cluster
    cluster=$("$root/eng/postgres.sh" start)
    # shellcheck disable=SC2064
    trap "'$root/eng/postgres.sh' stop '${cluster%%$'\n'*}'" EXIT
    BRIDGE_TEST_POSTGRES=${cluster##*$'\n'} dotnet "$root/bench/Size/bin/Release/net10.0/SingleWindowBridge.Bench.Size.dll" "$@"
}

load() { # submit|feed, its arguments
    "$root/eng/bootstrap.sh"
    dotnet build "$root/bench/Load" -c Release -v quiet --nologo
    BENCH_ROOT=$root dotnet "$root/bench/Load/bin/Release/net10.0/SingleWindowBridge.Bench.Load.dll" "$@"
}

flood() {
    need_h2load
    "$root/eng/bootstrap.sh"
    dotnet build "$root/bench/Flood" -c Release -v quiet --nologo
    BENCH_ROOT=$root dotnet "$root/bench/Flood/bin/Release/net10.0/SingleWindowBridge.Bench.Flood.dll" "$@"
}

case ${1:-} in
    grpc) grpc ;;
    sdk) sdk ;;
    submit | feed | overload) load "$@" ;;
    flood) flood "${@:2}" ;;
    size) size "${@:2}" ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
