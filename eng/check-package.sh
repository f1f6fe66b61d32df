#!/usr/bin/env bash
# Packs the SDK and looks at what it would give its users: every target with its documentation and
# symbols, README, icon and licence, the official dependencies alone.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$root/artifacts/package
rm -rf "$out"
dotnet pack "$root/src/Sdk" -c Release -v quiet --nologo -o "$out"

command -v unzip >/dev/null || { apt-get update -qq && apt-get install -y -qq unzip; } >/dev/null
package=$(find "$out" -name 'SingleWindowBridge.Sdk.*.nupkg')
files=$(unzip -Z1 "$package")
nuspec=$(unzip -p "$package" '*.nuspec')

fail() { echo "The package of the SDK is wrong: $1" >&2; exit 1; }
for target in net8.0 net10.0; do
  for ending in dll xml; do
    grep -qx "lib/$target/SingleWindowBridge.Sdk.$ending" <<<"$files" || fail "lib/$target has no .$ending"
  done
done
for file in README.md icon.png; do
  grep -qx "$file" <<<"$files" || fail "no $file"
done
grep -q '<license type="expression">MIT</license>' <<<"$nuspec" || fail "no licence"
grep -q '<icon>icon.png</icon>' <<<"$nuspec" || fail "no icon"
symbols=$(unzip -Z1 "${package%.nupkg}.snupkg")
for target in net8.0 net10.0; do
  grep -qx "lib/$target/SingleWindowBridge.Sdk.pdb" <<<"$symbols" || fail "no symbols of $target"
done
grep -q 'id="Grpc.Net.Client" version="2.85.0"' <<<"$nuspec" || fail "it does not depend on Grpc.Net.Client 2.85.0"
grep -q 'id="Google.Protobuf"' <<<"$nuspec" || fail "it does not depend on Google.Protobuf"
! grep -q '2\.85\.0\.1' <<<"$nuspec" || fail "it depends on a stand-in"
! grep -qE 'Grpc\.(Core\.Api|Net\.Common)\.dll' <<<"$files" || fail "it holds a stand-in"
echo "The package of the SDK is right: $(basename "$package")"
