#!/usr/bin/env bash
# Tries to lose data, for long. Ends with the line "lost 0, doubled 0, reordered 0, of N" if nothing could be lost.
#   tests/soak.sh kill|postmaster|cuts|seeds|dbfaults|frozen|commits|disks|clocks [COUNT]
# kill: kill -9 of servers; postmaster: kill -9 of PostgreSQL's postmaster; cuts: connections cut between client, server and
# database; seeds: seeded simulations, from 1 or BRIDGE_SEED_FROM; dbfaults: every database call fails, before and after its effect (COUNT: at most so many);
# frozen: SIGSTOP of a server and of the database; commits: PostgreSQL commits and its answer is lost; disks: full ones; clocks: set ones.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "${1:-}" in
  kill) tests=KilledServers count=1000 ;;
  postmaster) tests=KilledPostmaster count=200 ;;
  cuts) tests=CutConnections count=10000 ;;
  seeds) tests=Seeds count=100000 ;;
  dbfaults) tests=DatabaseFaults count=1000000 ;;
  frozen) tests=FrozenProcesses count=40 ;;
  commits) tests=UnansweredCommits count=1000 ;;
  disks) tests=FullDisks count=20 ;;
  clocks) tests=SetClocks count=40 ;;
  *) sed -n '3,6s/^# *//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
export BRIDGE_SOAK_COUNT=${2:-$count}

eng/bootstrap.sh
dotnet build tests/Faults -c Release -v quiet --nologo
rm -f artifacts/tally
status=0
run() {
  dotnet test tests/Faults -c Release --no-build --nologo --logger 'console;verbosity=detailed' --filter "FullyQualifiedName~.$tests" || status=$?
}

if [ "$1" != dbfaults ]; then
  run # They make the clusters that they need.
else
  cluster=$(eng/postgres.sh start)
  { read -r directory && read -r connection; } <<<"$cluster"
  trap 'eng/postgres.sh stop "$directory"' EXIT
  run # On SQLite, and again on PostgreSQL; the last line counts both.
  mv artifacts/tally artifacts/tally.sqlite
  export BRIDGE_TEST_ENGINE=postgres BRIDGE_TEST_POSTGRES=$connection
  run
  sums=$(cat artifacts/tally.sqlite artifacts/tally | tr -d , | awk '{ l += $2; d += $4; r += $6; n += $8 } END { print l ", doubled " d ", reordered " r ", of " n }')
  echo "lost $sums" >artifacts/tally
fi

cat artifacts/tally
exit "$status"
