#!/usr/bin/env bash
# Draws docs/case-states.md, the pictures of the states of both kinds of case, from the workflow table. A test holds it current.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet build src/Server -c Release --nologo -v quiet
drawn=$(mktemp)
trap 'rm -f "$drawn"' EXIT
dotnet src/Server/bin/Release/net10.0/SingleWindowBridge.Server.dll case-states > "$drawn"
cp "$drawn" docs/case-states.md
