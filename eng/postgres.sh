#!/usr/bin/env bash
# A private PostgreSQL cluster for tests and benches: a folder of its own, a free port on 127.0.0.1, the usual settings.
#   eng/postgres.sh start           prints its folder, and on a second line the connection string of its superuser
#   eng/postgres.sh restart FOLDER  starts it again on the same port, after its processes were killed or as they run
#   eng/postgres.sh stop FOLDER     stops it and removes the folder
set -euo pipefail

usage() {
  sed -n '2,5p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

binaries() { # the folder of the newest server's programs
  local initdb
  initdb=$(find /usr/lib/postgresql /usr/pgsql-* /usr/local/pgsql /opt/homebrew/opt -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1 || true)
  [ -n "$initdb" ] || initdb=$(command -v initdb || true)
  [ -z "$initdb" ] || dirname "$initdb"
}

# PostgreSQL does not run as root.
as_user() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

start() {
  local bin folder port
  bin=$(binaries)
  if [ -z "$bin" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q postgresql >&2 || true
    bin=$(binaries)
  fi
  if [ -z "$bin" ]; then
    echo "eng/postgres.sh: there is no PostgreSQL server here; install it (Debian: apt-get install postgresql)." >&2
    exit 1
  fi

  folder=$(as_user mktemp -d "${TMPDIR:-/tmp}/swb-postgres.XXXXXX")
  as_user "$bin/initdb" --pgdata "$folder/data" --username postgres --auth trust --encoding UTF8 --locale C.UTF-8 >/dev/null
  # Small, and for many short-lived databases; what a commit promises is as in production.
  as_user tee -a "$folder/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 1000
shared_buffers = 256MB
max_wal_size = 4GB
CONF
  for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 12000))
    if as_user "$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/log" --options "-p $port" --wait start >/dev/null 2>&1; then
      echo "$folder"
      echo "Host=127.0.0.1;Port=$port;Username=postgres"
      return
    fi
  done
  tail -n 20 "$folder/log" >&2
  rm -rf "$folder"
  exit 1
}

# What a killed postmaster leaves behind ends by itself, but a new one does not start before that.
restart() { # FOLDER
  local bin
  bin=$(binaries)
  for _ in $(seq 100); do
    if as_user "$bin/pg_ctl" --pgdata "$1/data" --log "$1/log" --mode immediate --wait restart >/dev/null 2>&1; then
      return
    fi
    sleep 0.1
  done
  tail -n 20 "$1/log" >&2
  exit 1
}

stop() { # FOLDER
  local bin
  bin=$(binaries)
  [ ! -d "$1/data" ] || as_user "$bin/pg_ctl" --pgdata "$1/data" --mode immediate --wait stop >/dev/null 2>&1 || true
  rm -rf "$1"
}

case "${1:-} $#" in
  "start 1") start ;;
  "restart 2") restart "$2" ;;
  "stop 2") stop "$2" ;;
  *) usage ;;
esac
