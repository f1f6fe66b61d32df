#!/usr/bin/env bash
# Tries eng/bootstrap.sh on registries that have the two gRPC packages and on ones that lack them (docs/adr/0001). Each try
# has a clone, a registry, a package cache and a home of its own. Ends with the line "N passed, N failed".
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cache=${NUGET_PACKAGES:-$HOME/.nuget/packages}
names=(grpc.core.api grpc.net.common)
passed=0
failed=0

check() { # WHAT, command...
  if "${@:2}" >"$work/log" 2>&1; then
    echo "ok      $1"
    passed=$((passed + 1))
  else
    echo "FAILED  $1"
    sed 's/^/        /' "$work/log"
    failed=$((failed + 1))
  fi
}

property() { sed -n "s|.*<$1>\(.*\)</$1>.*|\1|p" "$root/eng/grpc/Directory.Build.props"; }
official=$(property OfficialVersion)
stand_in=$(property Version)

# A registry is a folder: all that the machine has cached but the two packages.
registry() { # NAME
  mkdir -p "$work/$1"
  find "$cache" -name '*.nupkg' ! -path "$cache/grpc.core.api/*" ! -path "$cache/grpc.net.common/*" -exec ln -s -t "$work/$1" {} +
}

clone() { # NAME REGISTRY: a clone that knows that registry alone, with a project in it that uses gRPC
  local to=$work/$1
  mkdir -p "$to/eng/packages" "$to/App"
  cp "$root"/{.editorconfig,global.json,Directory.Build.props,Directory.Packages.props,nuget.config} "$to/"
  cp "$root/eng/bootstrap.sh" "$to/eng/"
  cp "$root/eng/packages/.gitignore" "$to/eng/packages/"
  (cd "$root/eng" && find grpc \( -name bin -o -name obj \) -prune -o -type f -print0 | xargs -0 cp --parents -t "$to/eng")
  sed -i "s|<packageSources>|<packageSources><clear /><add key=\"registry\" value=\"$work/$2\" />|" "$to/nuget.config"
  cat >"$to/App/App.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="Grpc.Net.Client" /></ItemGroup>
</Project>
XML
  echo 'namespace App; public static class Fine { public static Grpc.Core.Status Status => Grpc.Core.Status.DefaultSuccess; }' >"$to/App/App.cs"
}

in_clone() { # CLONE CACHE command...
  env -C "$work/$1" HOME="$work/home" DOTNET_CLI_HOME="$work/home" NUGET_PACKAGES="$work/$2" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    DOTNET_GENERATE_ASPNET_CERTIFICATE=false MSBUILDDISABLENODEREUSE=1 RunAnalyzers=false "${@:3}"
}

bootstrap() { # CLONE CACHE ANSWER
  local said
  said=$(in_clone "$1" "$2" eng/bootstrap.sh) || return 1
  echo "$said"
  [ "$said" = "bootstrap: $3" ]
}

builds_with() { # CLONE CACHE VERSION
  in_clone "$1" "$2" dotnet build App -v quiet --nologo && restored "$1" "$3"
}

restores() { # CLONE CACHE VERSION
  in_clone "$1" "$2" dotnet restore App -v quiet --nologo && restored "$1" "$3"
}

restored() { # CLONE VERSION
  for name in "${names[@]}"; do
    grep -qi "\"$name/$2\"" "$work/$1/App/obj/project.assets.json" || { echo "$name is not $2"; return 1; }
  done
}

built_nothing() { ! find "$work/$1/eng/grpc" -name '*.dll' | grep .; }
feed_holds() { [ "$(find "$work/$1/eng/packages" -name '*.nupkg' | wc -l)" -eq "$2" ]; }
cache_lacks() { ! find "$work/$1" -maxdepth 2 -path "*/grpc.*/$2" | grep .; }

# The official packages, as far as this test is concerned: the stand-ins under the official version.
pack_official() { # CLONE CACHE REGISTRY
  in_clone "$1" "$2" dotnet pack eng/grpc/grpc.slnx --no-build -c Release -v quiet --nologo -o "$work/$3" -p:Version="$official"
}

dotnet restore "$root/eng/grpc/grpc.slnx" -v quiet --nologo # What the stand-ins are built from, into the machine's cache.
mkdir -p "$work/home"
registry lacking
registry whole

clone first lacking
check "absent: the stand-ins are packed" bootstrap first cache-1 "gRPC stand-ins $stand_in packed"
check "absent: both are in the folder feed" feed_holds first 2
check "official packages are made for this test" pack_official first cache-1 whole
check "absent: a second run builds nothing" bootstrap first cache-1 "gRPC stand-ins $stand_in up to date"
check "absent: a project builds with them" builds_with first cache-1 "$stand_in"
clone second lacking
check "absent: another clone takes them from the cache" bootstrap second cache-1 "gRPC stand-ins $stand_in taken from the package cache"
check "absent: it built nothing" built_nothing second
clone changed lacking
echo >>"$work/changed/eng/grpc/Grpc.Core.Api/Status.cs"
check "absent: changed sources are packed anew" bootstrap changed cache-1 "gRPC stand-ins $stand_in packed"
check "absent: the cache forgets the old ones" cache_lacks cache-1 "$stand_in"

clone third whole
check "present: a build needs no bootstrap" builds_with third cache-2 "$official"
clone fourth whole
check "present: nothing is packed" bootstrap fourth cache-3 "gRPC packages $official are official"
check "present: nothing is built" built_nothing fourth
check "present: the folder feed stays empty" feed_holds fourth 0
check "present: a project restores them" restores fourth cache-3 "$official"

# A registry that gets the packages after the stand-ins were in use.
rm -rf "$work/first/App/obj"
sed -i "s|$work/lacking|$work/whole|" "$work/first/nuget.config"
check "arrived: the official ones win beside the stand-ins" restores first cache-1 "$official"
rm -f "$work/first/eng/packages/stand-ins.sha256"
check "arrived: the next asking finds them" bootstrap first cache-1 "gRPC packages $official are official"
check "arrived: the stand-ins leave the folder feed" feed_holds first 0
check "arrived: the stand-ins leave the cache" cache_lacks cache-1 "$stand_in"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
