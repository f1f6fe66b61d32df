#!/usr/bin/env bash
# Puts the snippets of the guides in docs/guides in their places, from the tests that run them: what stands between #region NAME and
# #endregion in tests/Testing/Guides/FILE.cs, where the guide says <!-- snippet: FILE/NAME --> before a block of C#; of several,
# FILE/NAME FILE/NAME, one after the other.
#   eng/guides.sh           does it
#   eng/guides.sh --check   says whether they are current
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

page() { # guide
  awk '
    FNR == 1 { file = FILENAME; sub(/.*\//, "", file); sub(/\.cs$/, "", file); isCode = FILENAME ~ /\.cs$/ }
    isCode && /#region / { name = file "/" $2; indent = match($0, /[^ ]/) - 1; inside = 1; next }
    isCode && /#endregion/ { inside = 0; next }
    isCode && inside { lead = match($0, /[^ ]/) - 1; line = lead < 0 ? "" : substr($0, (lead < indent ? lead : indent) + 1); snippet[name] = snippet[name] line "\n"; next }
    isCode { next }
    /^<!-- snippet: / { wanted = $0; sub(/^<!-- snippet: */, "", wanted); sub(/ *-->.*/, "", wanted); print; next }
    /^```csharp$/ {
      print
      count = split(wanted, names, / +/)
      if (count == 0) { print FILENAME ": a block of C# names no snippet" > "/dev/stderr"; exit 1 }
      for (one = 1; one <= count; one++) {
        if (!(names[one] in snippet)) { print FILENAME ": there is no snippet \"" names[one] "\"" > "/dev/stderr"; exit 1 }
        printf "%s%s", (one > 1 ? "\n" : ""), snippet[names[one]]
      }
      wanted = ""; skipping = 1
      next
    }
    skipping && !/^```$/ { next }
    { skipping = 0; print }
  ' "$root"/tests/Testing/Guides/*.cs "$1"
}

for guide in "$root"/docs/guides/*.md; do
  current=$(page "$guide")
  if [ "${1:-}" = --check ]; then
    diff -u "$guide" - <<<"$current" || { echo "$guide is not what its tests run: run eng/guides.sh" >&2; exit 1; }
  else
    printf '%s\n' "$current" >"$guide"
  fi
done
