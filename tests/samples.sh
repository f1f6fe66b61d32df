#!/usr/bin/env bash
# Builds the samples in other languages from the contract as it is and has each file a case with a server of their own; stopped half-way
# and started again, they file no second one. Ends with the line "N passed, N failed".
#   tests/samples.sh [--no-build]
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
passed=0
failed=0

install() {
  local package missing=()
  for package in python3-grpcio protobuf-compiler protobuf-compiler-grpc libprotobuf-dev; do
    dpkg-query -W -f '${Status}\n' $package 2>/dev/null | grep -q 'ok installed' || missing+=($package)
  done
  command -v npm >/dev/null || missing+=(npm)
  ((${#missing[@]} == 0)) || { apt-get update -qq && apt-get install -y -qq "${missing[@]}"; }
}

build() {
  "$root/samples/python/generate.sh" "$work/python" &&
    cd "$root/samples/typescript" && npm install --no-package-lock --loglevel error && npm run -s generate && npm run -s build
}

serve() {
  local port
  port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  endpoint=127.0.0.1:$port
  dotnet "$root/src/Server/bin/Release/net10.0/SingleWindowBridge.Server.dll" --urls "http://$endpoint" \
    --Bridge:Database "$work/bridge.db" --Sandbox:ActDelay 00:00:00.5 >"$work/server.log" 2>&1 &
  server=$!
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    kill -0 $server 2>/dev/null || { cat "$work/server.log"; return 1; }
    sleep 0.1
  done
}

files_a_case() { # NAME command...: stopped after its first line, then run to its end
  local name=$1 first whole
  shift
  mkdir -p "$work/$name"
  cd "$work/$name" || return 1
  first=$(timeout 60 "$@" 2>errors | head -n 1)
  whole=$(timeout 60 "$@" 2>errors) || whole=
  if [[ $first =~ ^Filed\ [0-9]{18}$ && $whole == "$first"$'\n'* && ${whole##*$'\n'} =~ QUESTIONNAIRE ]]; then
    echo "$name: ${whole##*$'\n'}"
    passed=$((passed + 1))
  else
    printf '%s: no\n%s\n%s\n' "$name" "$first" "$whole"
    cat errors
    failed=$((failed + 1))
  fi
}

[ "${1:-}" = --no-build ] || dotnet build "$root/src/Server" -c Release -v quiet --nologo
if install && build && serve; then
  files_a_case python env PYTHONPATH="$work/python" /usr/bin/python3 "$root/samples/python/file_case.py" "$endpoint"
  files_a_case typescript node "$root/samples/typescript/out/file_case.js" "http://$endpoint"
else
  failed=$((failed + 2))
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
