#!/usr/bin/env bash
# Proves the wire by clients and a server that were not written here, and prints the table case x client.
# Ends with the line "N passed, N failed".
#   tests/conformance.sh [--no-build]
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$root/tests/Conformance
tools=$root/artifacts/conformance
work=$(mktemp -d)
key=swb_sandbox_aruba_try_me
started=()

interop_cases=(empty_unary large_unary client_streaming server_streaming ping_pong empty_stream custom_metadata status_code_and_message
  special_status_message unimplemented_method unimplemented_service cancel_after_begin cancel_after_first_response timeout_on_sleeping_server)
bridge_cases=(unary upload download submit watch_catch_up watch_live cancel deadline rich_error unauthenticated health)

finish() {
  { ((${#started[@]})) && kill "${started[@]}"; wait; } 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

install() {
  local package command missing=()
  for package in ruby-grpc grpc-proto python3-grpcio protobuf-compiler libprotobuf-dev; do
    dpkg-query -W -f '${Status}\n' $package 2>/dev/null | grep -q 'ok installed' || missing+=($package)
  done
  for command in jq npm; do
    command -v $command >/dev/null || missing+=($command)
  done
  if ((${#missing[@]})); then
    apt-get update -qq && apt-get install -y -qq "${missing[@]}" || return 1
  fi

  local packages=(@grpc/grpc-js@1.14.7 @grpc/proto-loader@0.8.1 google-proto-files@6.0.1)
  if [ "$(cat "$tools/packages" 2>/dev/null)" != "${packages[*]}" ]; then
    mkdir -p "$tools"
    npm install --prefix "$tools" --no-save --no-package-lock --loglevel error "${packages[@]}" || return 1
    echo "${packages[*]}" >"$tools/packages"
  fi
  "$root/eng/buf.sh" --version
}

generate() { # The messages for Python, by Debian's protoc.
  mkdir -p "$work/python"
  protoc -I "$root/protos" -I "$tools/node_modules/google-proto-files" --python_out="$work/python" \
    "$root"/protos/singlewindow/bridge/v1/*.proto google/rpc/status.proto google/rpc/error_details.proto &&
    protoc -I "$here/Protos" --python_out="$work/python" interop.proto &&
    protoc -I /usr/share/grpc-proto/grpc/health/v1 --python_out="$work/python" health.proto
}

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

serve() { # PORT command...
  local port=$1
  (cd "$work" && exec "${@:2}") >"$work/server-$port.log" 2>&1 &
  started+=($!)
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    kill -0 "${started[-1]}" 2>/dev/null || { cat "$work/server-$port.log"; return 1; }
    sleep 0.1
  done
}

results() { # CLIENT command...: takes the lines "case, tab, outcome" of a client
  "${@:2}" 2>"$work/errors" | sed "s|^|$1\t|" >>"$work/results"
  head -n 20 "$work/errors" >&2
}

ruby_client() { # Ruby's interop client runs one case at a time.
  local folder=$1 port=$2 name known
  known=$(/usr/bin/ruby "$folder/client.rb" --help)
  for name in "${interop_cases[@]}"; do
    if ! grep -qE "[(,]$name[,)]" <<<"$known"; then
      printf '%s\tlacks it\n' "$name"
    elif timeout 20 /usr/bin/ruby "$folder/client.rb" --server_host 127.0.0.1 --server_port "$port" --use_tls false --test_case "$name" >"$work/ruby.log" 2>&1; then
      printf '%s\tok\n' "$name"
    else
      printf '%s\t%s\n' "$name" "$(grep -m 1 -E '\([A-Za-z:]+\)$' "$work/ruby.log" || tail -n 1 "$work/ruby.log")"
    fi
  done
}

outcome() { awk -F '\t' -v client="$1" -v name="$2" '$1 == client && $2 == name { print $3 }' "$work/results"; }

passed=0
failed=0
table() { # TITLE CASES CLIENTS: what a client does not offer is "-", what it should have told and did not is a failure
  local -n cases=$2 clients=$3
  local name client said
  printf '\n%-28s' "$1"
  printf '  %-16s' "${clients[@]}"
  echo
  for name in "${cases[@]}"; do
    printf '%-28s' "$name"
    for client in "${clients[@]}"; do
      said=$(outcome "$client" "$name")
      if [ "$said" = "ok" ]; then
        passed=$((passed + 1))
      elif [ "$said" = "lacks it" ] || { [ -z "$said" ] && [[ " ${optional[$client]:-} " == *" $name "* ]]; }; then
        said=${said:--}
      else
        failures+=("$name, $client: ${said:-did not run}")
        said=FAILED
        failed=$((failed + 1))
      fi
      printf '  %-16s' "$said"
    done
    echo
  done
}

main() {
  install >"$work/install.log" 2>&1 || { cat "$work/install.log"; return 1; }
  if [ "${1:-}" != "--no-build" ]; then
    "$root/eng/bootstrap.sh" && dotnet build "$root/src/Server" -c Release -v quiet --nologo && dotnet build "$here" -c Release -v quiet --nologo || return 1
  fi
  generate || return 1

  local ruby ours bridge ruby_server interop buf
  ruby=$(dirname "$(dpkg -L ruby-grpc | grep '/pb/test/client.rb$')")
  buf=$(ls "$root"/artifacts/tools/node_modules/@bufbuild/buf-*/bin/buf)
  ours=("dotnet" "$here/bin/Release/net10.0/SingleWindowBridge.Conformance.dll")
  interop=$(free_port) && serve "$interop" "${ours[@]}" server "$interop" || return 1
  ruby_server=$(free_port) && serve "$ruby_server" /usr/bin/ruby "$ruby/server.rb" --port "$ruby_server" || return 1
  bridge=$(free_port) && serve "$bridge" dotnet "$root/src/Server/bin/Release/net10.0/SingleWindowBridge.Server.dll" \
    --urls "http://127.0.0.1:$bridge" --Bridge:Database "$work/bridge.db" || return 1

  results "Ruby > ours" ruby_client "$ruby" "$interop"
  results "ours > Ruby" "${ours[@]}" client "$ruby_server" "${interop_cases[@]}"
  results "ours > ours" "${ours[@]}" client "$interop" "${interop_cases[@]}"
  results "C core" env PYTHONPATH="$work/python" /usr/bin/python3 "$here/c_core.py" "$bridge" "$interop" $key
  results "grpc-js" env NODE_PATH="$tools/node_modules" node "$here/grpc_js.js" "$bridge" "$interop" $key \
    "$root/protos" "$tools/node_modules/google-proto-files" /usr/share/grpc-proto "$here/Protos"
  results "buf curl" "$here/buf_curl.sh" "$buf" "$bridge" $key "$root/protos" "$tools/node_modules/google-proto-files"
}

declare -A optional
declare -a failures=()
touch "$work/results"
main "$@" || failures+=("The run broke off.")

# What Ruby's client lacks, the other two call our server for; reflection is what buf curl lives on.
bridge_cases+=(reflection)
optional[C core]="${interop_cases[*]/special_status_message/} reflection"
optional[grpc-js]=${optional[C core]}
interop_clients=("Ruby > ours" "ours > Ruby" "ours > ours" "C core" "grpc-js")
bridge_clients=("C core" "grpc-js" "buf curl")
table "public gRPC cases" interop_cases interop_clients
table "the bridge's services" bridge_cases bridge_clients
echo
((${#failures[@]})) && printf '%s\n' "${failures[@]}"
[ "$(outcome "Ruby > ours" special_status_message)" = "lacks it" ] &&
  echo "Ruby's client has no special_status_message: gRPC's C core and grpc-js call our server with it instead."
echo "buf curl has no cancel of its own: it hangs up in the middle of a call, and the server goes on."
[[ " ${failures[*]:-} " == *"broke off"* ]] && failed=$((failed + 1))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
