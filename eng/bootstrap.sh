#!/usr/bin/env bash
# Gets what the build needs and a machine may lack. Called by run.sh and test.sh, from any directory; cheap when there is
# nothing to do, and safe to run twice at once.
set -euo pipefail

eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The two packages that gRPC depends on: the official ones, or our stand-ins (docs/adr/0001-grpc-stand-ins.md).
feed=$eng/packages
stamp=$feed/stand-ins.sha256
cache=${NUGET_PACKAGES:-$HOME/.nuget/packages}
names=(Grpc.Core.Api Grpc.Net.Common)

property() { # NAME: its value in the stand-ins' build
    sed -n "s|.*<$1>\(.*\)</$1>.*|\1|p" "$eng/grpc/Directory.Build.props"
}

official=$(property OfficialVersion)
stand_in=$(property Version)

cached() { # NAME VERSION: its folder in the machine's package cache
    echo "$cache/${1,,}/$2"
}

have_official() {
    local name
    for name in "${names[@]}"; do
        [[ -f $(cached "$name" "$official")/.nupkg.metadata ]] || return 1
    done
}

# Asks the registry, past NuGet's HTTP cache, which may remember for half an hour that there was nothing. What is found
# goes to the package cache at once, where every later restore takes it without asking.
fetch_official() {
    dotnet restore "$eng/grpc/Official" --no-cache --force --verbosity quiet >"$feed/official.log" 2>&1 9>&-
}

asked_today() {
    [[ -n $(find "$stamp" -mmin -1440 2>/dev/null) ]]
}

sources_hash() {
    (cd "$eng/grpc" && find . \( -name bin -o -name obj \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) | sha256sum | cut -d' ' -f1
}

is_of() { # NAME HASH: whether the cached stand-in was made from the sources with that hash
    grep -qsF "$2" "$(cached "$1" "$stand_in")/${1,,}.nuspec"
}

feed_is_of() { # HASH
    local name
    for name in "${names[@]}"; do
        [[ -f $feed/$name.$stand_in.nupkg ]] || return 1
    done
    [[ $(cat "$stamp" 2>/dev/null) == "$1" ]]
}

drop_cached() { # NAME
    rm -rf "$(cached "$1" "$stand_in")"
}

take_from_cache() { # HASH: another clone on this machine may have packed the same sources
    local name
    for name in "${names[@]}"; do
        is_of "$name" "$1" || return 1
    done
    for name in "${names[@]}"; do
        cp "$(cached "$name" "$stand_in")/${name,,}.$stand_in.nupkg" "$feed/$name.$stand_in.nupkg" || return 1
    done
}

pack() { # HASH
    local out=$feed/new log=$feed/pack.log
    rm -rf "$out"
    if ! dotnet pack "$eng/grpc/grpc.slnx" --configuration Release --output "$out" --verbosity quiet -p:SourcesHash="$1" >"$log" 2>&1 9>&-; then
        cat "$log" >&2
        return 1
    fi
    mv "$out"/*.nupkg "$feed/"
    rm -rf "$out"
}

grpc_packages() {
    local name hash did="up to date"
    if ! have_official && ! asked_today; then
        fetch_official || true
    fi
    if have_official; then
        rm -f "$stamp"
        for name in "${names[@]}"; do
            rm -f "$feed/$name.$stand_in.nupkg"
            drop_cached "$name"
        done
        echo "bootstrap: gRPC packages $official are official"
        return
    fi

    hash=$(sources_hash)
    if ! feed_is_of "$hash"; then
        if take_from_cache "$hash"; then
            did="taken from the package cache"
        else
            pack "$hash"
            did="packed"
        fi
        echo "$hash" >"$stamp"
    elif ! asked_today; then
        touch "$stamp"
    fi
    for name in "${names[@]}"; do
        is_of "$name" "$hash" || drop_cached "$name"
    done
    echo "bootstrap: gRPC stand-ins $stand_in $did"
}

exec 9>"$feed/.lock"
flock 9
grpc_packages
