#!/usr/bin/env bash
# Runs buf, the contract's linter and gRPC client, and gets it from npm where it is not there yet: eng/buf.sh lint
set -euo pipefail
version=1.75.0
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/artifacts/tools
buf=$tools/node_modules/.bin/buf

if [ ! -x "$buf" ] || [ "$("$buf" --version)" != "$version" ]; then
  mkdir -p "$tools"
  npm install --prefix "$tools" --no-save --no-package-lock --loglevel error "@bufbuild/buf@$version" >&2
fi
exec "$buf" "$@"
