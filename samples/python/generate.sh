#!/usr/bin/env bash
# Generates the Python client from the contract: generate.sh FOLDER
# Debian: apt-get install python3-grpcio protobuf-compiler protobuf-compiler-grpc libprotobuf-dev
set -euo pipefail
out=${1:?Name the folder for the generated client}
protos=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../protos" && pwd)
mkdir -p "$out"
protoc -I "$protos" --python_out="$out" --grpc_out="$out" --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" \
  "$protos"/singlewindow/bridge/v1/*.proto
