#!/usr/bin/env bash
# Installs the packages from a folder into new console programs outside this repository. With the SDK's the README's program runs
# unchanged: its case completes, on .NET 10 and on .NET 8. So does the first guide's program, which is its blocks one after the other. With
# the one for tests a program starts a server of its own and files a case there.
# Ends with the line "N passed, N failed".
#   tests/package.sh [--no-build]
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
version=0.0.1-try.$(date +%s)
trap 'kill "${server:-}" 2>/dev/null; wait 2>/dev/null; rm -rf "$work" "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/singlewindowbridge.{sdk,testing}/"$version"' EXIT

pack() {
  local project
  for project in Sdk Testing; do
    dotnet pack "$root/src/$project" -c Release -v quiet --nologo -p:Version="$version" -o "$work/feed" || return 1
  done
  cat >"$work/nuget.config" <<CONFIG
<configuration>
  <packageSources>
    <add key="packages" value="$work/feed" />
    <add key="eng" value="$root/eng/packages" />
  </packageSources>
</configuration>
CONFIG
}

program() { # name, package, framework, option of dotnet build...; its source on standard input
  mkdir "$work/$1" && cd "$work/$1" || return 1
  dotnet new console --name "$1" --output . --force >/dev/null && sed -i "s/net10.0/$3/" "$1.csproj" && dotnet add package "$2" --version "$version" >/dev/null || return 1
  cat >Program.cs
  dotnet build -c Release -v quiet --nologo -p:NoWarn=NU1603 -o "$work/$1/out" "${@:4}"
}

of_readme() {
  awk '/^```csharp$/ { inside = 1; next } /^```$/ { exit_ = inside; inside = 0 } exit_ { exit } inside' "$root/README.md"
}

of_guide() {
  awk '/^```csharp$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$root/docs/guides/first-case.md"
}

of_tests() {
  cat <<'CSHARP'
using SingleWindowBridge;
using SingleWindowBridge.Testing;
await using var server = await SandboxServer.StartAsync(new SandboxServerOptions { Cases = [new SeedCase(Stage.Questionnaire)] });
Console.WriteLine($"{server.Cases[0].Number} {server.Cases[0].Stage.Name().En}");
CSHARP
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
passed=0
failed=0
try() { # command...
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

completes() {
  of_readme | program Readme SingleWindowBridge.Sdk net10.0 && cd "$root" \
    && timeout 60 dotnet "$work/Readme/out/Readme.dll" | tee "$work/said" && grep -q ' Completed / 审核通过' "$work/said"
}

# .NET 8 comes with the program, so that none need be installed.
completes_on_8() {
  of_readme | program Readme8 SingleWindowBridge.Sdk net8.0 --self-contained --use-current-runtime && cd "$root" \
    && grep -q '"version": "8\.' "$work/Readme8/out/Readme8.runtimeconfig.json" \
    && timeout 60 "$work/Readme8/out/Readme8" | tee "$work/said" && grep -q ' Completed / 审核通过' "$work/said"
}

follows_the_guide() {
  of_guide | program FirstCase SingleWindowBridge.Sdk net10.0 && cd "$work/FirstCase" && cp "$root/samples/BackOffice/inputs/files/vegetables-application.pdf" letter.pdf \
    && timeout 60 dotnet out/FirstCase.dll http://127.0.0.1:5080 swb_sandbox_aruba_try_me letter.pdf . \
    && [ "$(head -c 5 protocol.pdf)" = %PDF- ]
}

starts() {
  of_tests | program Tests SingleWindowBridge.Testing net10.0 && timeout 60 dotnet "$work/Tests/out/Tests.dll" | tee "$work/said" \
    && grep -q ' Questionnaire$' "$work/said"
}

if pack && serve; then
  try completes
  try completes_on_8
  try follows_the_guide
  try starts
else
  failed=4
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
