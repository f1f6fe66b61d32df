#!/usr/bin/env bash
# Builds the bridge and serves it with the embedded database under ./data and the sandbox Customs.
#   ./run.sh [--urls http://127.0.0.1:5080] [any other setting of the server, such as --Sandbox:ActDelay 00:00:01]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

"$root/eng/bootstrap.sh"
dotnet build "$root/src/Server" -c Release -v quiet --nologo

url=http://127.0.0.1:5080
for ((i = 1; i <= $#; i++)); do
  case ${!i} in
    --urls) next=$((i + 1)); url=${!next:-$url} ;;
    --urls=*) url=${!i#--urls=} ;;
  esac
done
url=${url%%;*}

dotnet "$root/src/Server/bin/Release/net10.0/SingleWindowBridge.Server.dll" "$@" &
server=$!
trap 'kill -TERM $server 2>/dev/null' INT TERM

address=${url#*://}
until (exec 3<>"/dev/tcp/${address%:*}/${address##*:}") 2>/dev/null; do
  kill -0 $server 2>/dev/null || { wait $server; exit $?; }
  sleep 0.2
done
cat <<TEXT

The bridge serves on $url, with a sandbox Customs and the account of README.md. In another terminal:

  dotnet run --project samples/BackOffice -- samples/BackOffice/inputs/aquatic.json --endpoint $url

Ctrl+C stops it; the cases stay in ./data.
TEXT

status=0
wait $server || status=$?
# A wait that a signal ended is taken up again until the server has stopped.
while kill -0 $server 2>/dev/null; do wait $server || status=$?; done
exit "$status"
