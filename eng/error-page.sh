#!/usr/bin/env bash
# Writes docs/errors.md, the page of every error reason, from the contract's error_reason.proto and the SDK's table of exceptions.
#   eng/error-page.sh           writes it
#   eng/error-page.sh --check   says whether it is current
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

page() {
  cat <<'HEAD'
# Errors

Written by `eng/error-page.sh` from the contract; do not edit it here.

Every error carries, in `grpc-status-details-bin`, a `google.rpc.Status` with one `ErrorInfo` (reason, domain `singlewindow.bridge`,
metadata) and the text in Chinese and English that says what to do; `FIELD_INVALID` lists the fields with it, and what a retry can mend
says after how long. In the SDK each is an exception with `Reason`, `Fields`, `MessageZh`, `MessageEn`, `RequestId`, `Attempts` and
`IsRetryable`. Retry on UNAVAILABLE, and on RESOURCE_EXHAUSTED where it carries a `google.rpc.RetryInfo`, always with the same request id:
the SDK does it by itself. (Not on `TOO_MANY_BAD_CREDENTIALS`: a wait does not make the key a good one.)

| reason | gRPC status | cause and cure | in the SDK |
| --- | --- | --- | --- |
HEAD
  awk '
    FNR == NR { # The SDK: [ErrorReason.FieldInvalid] = (error, inner) => new ValidationException(error, inner),
      if (match($0, /\[ErrorReason\.[A-Za-z]+\]/)) {
        reason = substr($0, RSTART + 13, RLENGTH - 14)
        exception[reason] = match($0, /new [A-Za-z]+/) ? substr($0, RSTART + 4, RLENGTH - 4) : "UnavailableException"
      }
      next
    }
    /^enum / { inside = 1; next }
    !inside { next }
    /^  \/\/ *$/ { example = 1; next }
    /^  \/\/ / && !example { sub(/^  \/\/ /, ""); text = text (text == "" ? "" : " ") $0; next }
    /^  ERROR_REASON_/ {
      name = $1; sub(/^ERROR_REASON_/, "", name)
      if (name != "UNSPECIFIED") {
        pascal = ""; words = split(name, part, "_")
        for (i = 1; i <= words; i++) pascal = pascal substr(part[i], 1, 1) tolower(substr(part[i], 2))
        status = text; sub(/\..*/, "", status)
        sub(/^[A-Z_]+\. /, "", text)
        gsub(/\|/, "\\|", text)
        printf "| `%s` | %s | %s | %s |\n", name, status, text, (pascal in exception) ? "`" exception[pascal] "`" : "by its status"
      }
      text = ""; example = 0
    }
  ' "$root/src/Sdk/Errors/ErrorTable.cs" "$root/protos/singlewindow/bridge/v1/error_reason.proto"
  cat <<'TAIL'

A change to which no answer came, or not in time, is an `OutcomeUnknownException`, whatever the cause, also where no server was reached: ask
again with the same request id, now or in a new process. So is one of which an earlier attempt had no answer and the last was refused before
the server looked whether it knows the request id, such as by a limit or for the key: what refused it is the inner exception. A reason that
this list does not have comes from a newer server: go by the gRPC status.
TAIL
}

if [ "${1:-}" = --check ]; then
  page | diff -u "$root/docs/errors.md" - || { echo "docs/errors.md is not current: run eng/error-page.sh" >&2; exit 1; }
else
  page >"$root/docs/errors.md"
fi
