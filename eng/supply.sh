#!/usr/bin/env bash
# What the builds take from others, from what NuGet has restored for the solution.
#   eng/supply.sh lock         writes eng/packages.lock: every package, its version and hash
#   eng/supply.sh licences     writes docs/licences.md
#   eng/supply.sh sbom [FILE]  writes the SBOM of what is shipped, CycloneDX 1.6: artifacts/sbom.cdx.json
#   eng/supply.sh check        whether lock and licences are current, and the SBOM as it must be; then writes the SBOM
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

supply() { dotnet "$root/eng/Supply/bin/Release/net10.0/SingleWindowBridge.Supply.dll" "$root" "$@"; }

dotnet build "$root/eng/Supply" -c Release -v quiet --nologo
mkdir -p "$root/artifacts"
case ${1:-} in
  lock | licences) supply "$1" ;;
  sbom) supply sbom "${2:-$root/artifacts/sbom.cdx.json}" ;;
  check) supply check && supply sbom "$root/artifacts/sbom.cdx.json" ;;
  *) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
