#!/usr/bin/env bash
# Installs the SDK's package from a folder into a new console program outside this repository and runs the README's program unchanged:
# its case completes. Ends with the line "N passed, N failed".
#   tests/package.sh [--no-build]
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
version=0.0.1-try.$(date +%s)
trap 'kill "${server:-}" 2>/dev/null; wait 2>/dev/null; rm -rf "$work" "${NUGET_PACKAGES:-$HOME/.nuget/packages}/singlewindowbridge.sdk/$version"' EXIT

program() {
  dotnet pack "$root/src/Sdk" -c Release -v quiet --nologo -p:Version="$version" -o "$work/feed" || return 1
  mkdir "$work/program" && cd "$work/program" || return 1
  cat >nuget.config <<CONFIG
<configuration>
  <packageSources>
    <add key="sdk" value="$work/feed" />
    <add key="eng" value="$root/eng/packages" />
  </packageSources>
</configuration>
CONFIG
  dotnet new console --name Program --output . --force >/dev/null && dotnet add package SingleWindowBridge.Sdk --version "$version" >/dev/null || return 1
  awk '/^```csharp$/ { inside = 1; next } /^```$/ { exit_ = inside; inside = 0 } exit_ { exit } inside' "$root/README.md" >Program.cs
  dotnet build -c Release -v quiet --nologo -p:NoWarn=NU1603 -o "$work/out"
}

serve() { # on the address that the README names
  (exec 3<>/dev/tcp/127.0.0.1/5080) 2>/dev/null && { echo "Something serves on port 5080 already"; return 1; }
  dotnet "$root/src/Server/bin/Release/net10.0/SingleWindowBridge.Server.dll" --Bridge:Database "$work/bridge.db" \
    --Sandbox:ActDelay 00:00:00.02 >"$work/server.log" 2>&1 &
  server=$!
  until (exec 3<>/dev/tcp/127.0.0.1/5080) 2>/dev/null; do
    kill -0 $server 2>/dev/null || { cat "$work/server.log"; return 1; }
    sleep 0.1
  done
}

[ "${1:-}" = --no-build ] || dotnet build "$root/src/Server" -c Release -v quiet --nologo
result="0 passed, 1 failed"
if program && serve && cd "$root" && timeout 60 dotnet "$work/out/Program.dll" | tee "$work/said" && grep -q ' Completed / 审核通过' "$work/said"; then
  result="1 passed, 0 failed"
fi
echo "$result"
[ "$result" = "1 passed, 0 failed" ]
