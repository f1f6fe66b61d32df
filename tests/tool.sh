#!/usr/bin/env bash
# Packs the tool, installs it from a folder, and uses it as its README says: a sandbox served by it keeps to the contract (tests/Contract
# run against it), and its cases, receipts and files are shown. Ends with the line "N passed, N failed".
#   tests/tool.sh [--no-build]
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'kill ${server:-} ${tls_server:-} 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
passed=0
failed=0

check() { # what, command...
  local what=$1
  shift
  if "$@" >"$work/said" 2>"$work/errors"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "failed: $what"
    tail -n 20 "$work/said" "$work/errors"
  fi
}

install() {
  dotnet pack "$root/src/Tool" -c Release -v quiet --nologo -p:PackageVersion=0.0.1-try -p:AllowStandIns=true -o "$work/feed" &&
    dotnet tool install SingleWindowBridge.Tool --version 0.0.1-try --tool-path "$work/tools" --add-source "$work/feed" --no-cache
}

refuses_stand_ins() { # unless the official packages are there, so that none are carried
  [ ! -f "$root/eng/packages/stand-ins.sha256" ] ||
    ! dotnet pack "$root/src/Tool" -c Release -v quiet --nologo --no-build -o "$work/feed2"
}

swbridge() { "$work/tools/swbridge" "$@"; }

address_in() { # log, process: waits for where the server listens, and puts it into $address
  local tries=0
  until address=$(grep -Eom1 'https?://127\.0\.0\.1:[1-9][0-9]*' "$1"); do
    kill -0 "$2" 2>/dev/null && [ $((tries += 1)) -lt 600 ] || { cat "$1"; return 1; }
    sleep 0.1
  done
}

serve() {
  (cd "$work" && exec "$work/tools/swbridge" serve --sandbox --Urls http://127.0.0.1:0 >"$work/server.log" 2>&1) &
  server=$!
  address_in "$work/server.log" $server || return 1
  export SWB_ENDPOINT=$address
  grep -q swb_sandbox_aruba_try_me "$work/server.log"
}

keeps_to_the_contract() {
  SWB_KEY=swb_sandbox_aruba_try_me dotnet test "$root/tests/Contract" -c Release --no-build --nologo
}

exits_with() { # code command...
  local code=$1 actual=0
  shift
  "$@" || actual=$?
  [ "$actual" = "$code" ] || { echo "exit code $actual instead of $code" >&2; return 1; }
}

lists_as_json() {
  swbridge cases list --stage completed --status approved --json >"$work/cases" && case=$(grep -om1 '"number":"[0-9]\{18\}"' "$work/cases" | cut -d'"' -f4) &&
    ! grep -vq '^{"id":".*"stage":"COMPLETED","status":"APPROVED",.*}$' "$work/cases"
}

shows_a_case() {
  swbridge cases show "$case" --json >"$work/case" && [ "$(wc -l <"$work/case")" = 1 ] &&
    file=$(grep -o '"protocol_files":\[{"id":"[0-9A-Z]*"' "$work/case" | cut -d'"' -f6) &&
    swbridge cases show "$case" >"$work/table" && grep -q 审核通过 "$work/table" && grep -q "$case" "$work/table"
}

tails() {
  swbridge receipts tail --from 1 --once --json >"$work/receipts" &&
    [ "$(grep -c '^{"number":[0-9]*,"cursor":"' "$work/receipts")" = "$(wc -l <"$work/receipts")" ] &&
    [ "$(tail -n 1 "$work/receipts" | grep -o '^{"number":[0-9]*')" = "{\"number\":$(wc -l <"$work/receipts")" ] &&
    swbridge receipts tail --last 3 --once >"$work/lines" && [ "$(wc -l <"$work/lines")" = 3 ]
}

watches_an_ended_case() { timeout 60 "$work/tools/swbridge" cases show "$case" --watch | grep -q 'CLOSE *COMPLETED APPROVED'; }

keeps_a_consumers_place() {
  local all
  all=$(wc -l <"$work/receipts")
  swbridge receipts tail --consumer office --from 3 --once --json >"$work/first" && [ "$(wc -l <"$work/first")" = $((all - 2)) ] &&
    swbridge receipts tail --consumer office --once --json >"$work/second" && [ ! -s "$work/second" ] &&
    swbridge receipts tail --consumer archive --once --json >"$work/third" && cmp "$work/third" "$work/receipts" &&
    exits_with 1 swbridge receipts tail --consumer "No Name" --once
}

writes_no_escapes_into_pipes() { # whatever the terminal, and ends when nobody reads any more
  (
    export TERM=xterm-256color
    swbridge cases list | cat >"$work/piped" && swbridge cases show "$case" | cat >>"$work/piped" && swbridge receipts tail --once | cat >>"$work/piped" &&
      grep -q 审核通过 "$work/piped" && ! grep -q $'\033' "$work/piped" && exits_with 141 first_of_all
  )
}

first_of_all() { timeout 60 "$work/tools/swbridge" receipts tail --from 1 --json | head -n 1 >"$work/one"; }

# A terminal of so many columns, with what it shows in $work/screen; what is typed comes from the standard input.
terminal() { # columns command...
  # What runs in the background ignores Ctrl+C, and so would what it starts.
  TERM=xterm-256color timeout --foreground 120 env --default-signal=INT script -qefc "stty cols $1 rows 24; exec $(printf '%q ' "${@:2}")" /dev/null >"$work/screen"
}

fits() { # columns: no line on the screen is wider, Chinese counting double and the terminal's echo of Ctrl+C not at all, and the cursor is to be seen
  ! grep -q $'\033\\[?25l' "$work/screen" && python3 - "$1" "$work/screen" <<'PYTHON'
import re, sys, unicodedata
text = re.sub("\x1b\\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\\^C", "", open(sys.argv[2], encoding="utf-8", newline="").read())
wide = [line for line in re.split("[\r\n]+", text)
        if sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) > int(sys.argv[1])]
sys.exit("\n".join(["wider than the terminal:"] + wide) if wide else 0)
PYTHON
}

fills_no_more_than_a_terminal() {
  local columns
  for columns in 60 80 120; do
    terminal $columns "$work/tools/swbridge" cases list </dev/null && fits $columns && grep -q "$case" "$work/screen" &&
      terminal $columns timeout 60 "$work/tools/swbridge" cases show "$case" --watch </dev/null && fits $columns &&
      grep -q 'Completed, ' "$work/screen" && grep -q $'\033\\[38;5;2m审核通过' "$work/screen" &&
      terminal $columns "$work/tools/swbridge" receipts tail --once </dev/null && fits $columns || return 1
  done
  NO_COLOR=1 terminal 80 "$work/tools/swbridge" cases show "$case" </dev/null && grep -q 审核通过 "$work/screen" && ! grep -qE $'\033\\[[0-9;]*(3|4)[0-9]' "$work/screen"
}

interrupted_when_it_shows() { # pattern command...: types Ctrl+C when the pattern is to be seen
  rm -f "$work/screen" "$work/ended"
  {
    for _ in $(seq 600); do
      grep -q "$1" "$work/screen" 2>/dev/null && break
      sleep 0.1
    done
    printf '\003'
    until [ -e "$work/ended" ]; do sleep 0.1; done
  } | { terminal 80 "${@:2}"; echo $? >"$work/ended"; }
  [ "$(cat "$work/ended")" = 130 ] && fits 80
}

ends_by_ctrl_c() {
  local open
  open=$(swbridge cases list --stage questionnaire --status pending --limit 1 --json | grep -om1 '"number":"[0-9]\{18\}"' | cut -d'"' -f4)
  [ -n "$open" ] && interrupted_when_it_shows 'Ctrl+C' "$work/tools/swbridge" cases show "$open" --watch &&
    interrupted_when_it_shows ' → ' "$work/tools/swbridge" receipts tail
}

gets_a_file() {
  swbridge files get "$file" --out "$work/protocol.pdf" --json >"$work/got" &&
    grep -q "\"sha256\":\"$(sha256sum "$work/protocol.pdf" | cut -d' ' -f1)\"" "$work/got" &&
    swbridge files get "$file" --out - | cmp - "$work/protocol.pdf" &&
    exits_with 1 swbridge files get "$file" --out "$work/protocol.pdf"
}

says_errors_in_two_languages() { exits_with 1 swbridge cases show nothing && grep -q 'CASE_NOT_FOUND' "$work/errors" && grep -q '业务' "$work/errors"; }

refuses_to_go_on() {
  local begin
  for begin in "--from 1" "--consumer office"; do
    exits_with 1 timeout 60 "$work/tools/swbridge" receipts tail $begin --key nobody 2>"$work/told" && grep -q 'ask the operator for a new key' "$work/told" || return 1
  done
}

ends_in_good_order() { # told to end, a server that is watched takes leave first: no change under way is cut off
  "$work/tools/swbridge" receipts tail --last 1 --json >"$work/followed" 2>&1 &
  local follower=$! tries=0 code=0
  until [ -s "$work/followed" ]; do [ $((tries += 1)) -lt 600 ] && sleep 0.1 || return 1; done
  kill -TERM $server && { wait $server || code=$?; kill $follower; } && [ "$code" = 0 ] && grep -q 'shutting down' "$work/followed"
}

# Certificates of a root of our own: a server's, and a client's as PEM and as PKCS#12.
make_certificates() {
  local name
  mkdir "$work/tls" && cd "$work/tls" &&
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=Try Root" -days 2 -keyout root.key -out root.pem &&
    printf 'extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n' >server.ext &&
    printf 'extendedKeyUsage=clientAuth\n' >client.ext || return 1
  for name in server client; do
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name.example" -keyout $name.key -out $name.csr &&
      openssl x509 -req -in $name.csr -CA root.pem -CAkey root.key -CAcreateserial -days 2 -extfile $name.ext -out $name.pem || return 1
  done
  openssl pkcs12 -export -in client.pem -inkey client.key -passout pass:try -out client.pfx
}

serve_with_tls() { # with an account that has to show a certificate and a key
  make_certificates >"$work/openssl.log" 2>&1 || { cat "$work/openssl.log"; return 1; }
  (cd "$work/tls" && exec "$work/tools/swbridge" serve --sandbox --Urls https://127.0.0.1:0 --Tls:Certificate server.pem --Tls:Key server.key \
    --Bridge:Database bridge.db >"$work/tls.log" 2>&1) &
  tls_server=$!
  address_in "$work/tls.log" $tls_server || return 1
  tls_url=$address
  cd "$work/tls" &&
    swbridge accounts create nl-both --country NL --name-zh 荷兰 --name-en NVWA --category AQUATIC --requires both --Bridge:Database=bridge.db &&
    swbridge certificates add nl-both --file client.pem --Bridge:Database=bridge.db &&
    tls_key=$(swbridge keys create nl-both --Bridge:Database=bridge.db) && [ -n "$tls_key" ]
}

trusts_by_ca() {
  swbridge cases list --endpoint "$tls_url" --ca "$work/tls/root.pem" --json || return 1
  exits_with 1 swbridge cases list --endpoint "$tls_url" 2>"$work/told" && grep -q -- '本机不信任服务器的证书：请用 --ca' "$work/told" || return 1
  exits_with 1 timeout 60 "$work/tools/swbridge" receipts tail --from 1 --endpoint "$tls_url" 2>"$work/told" && grep -q -- '--ca' "$work/told" &&
    exits_with 1 timeout 60 "$work/tools/swbridge" receipts tail --consumer office --endpoint "$tls_url" 2>"$work/told" && grep -q -- '--ca' "$work/told" || return 1
  exits_with 1 swbridge cases list --endpoint "$tls_url" --ca "$work/tls/client.pem" 2>"$work/told" && grep -q -- '--ca: the server' "$work/told"
}

shows_its_certificate() (
  cd "$work/tls" || return 1
  export SWB_ENDPOINT=$tls_url SWB_KEY=$tls_key
  swbridge cases list --ca root.pem --cert client.pem --cert-key client.key --json &&
    SWB_CERT_PASSWORD=try swbridge cases list --ca root.pem --cert client.pfx --json || return 1
  exits_with 1 swbridge cases list --ca root.pem 2>"$work/told" && grep -q 'CERTIFICATE_REQUIRED' "$work/told" && grep -q -- 'by --cert' "$work/told" &&
    SWB_KEY='' exits_with 1 swbridge cases list --ca root.pem --cert client.pem --cert-key client.key 2>"$work/told" && grep -q -- 'SWB_KEY or --key' "$work/told"
)

tells_what_is_wrong() { # what it says, --, words of a command line that cannot be
  exits_with 2 swbridge cases list "${@:3}" 2>"$work/told" && grep -q -- "$1" "$work/told" || { cat "$work/told" >&2; return 1; }
}

tells_of_certificates() (
  cd "$work/tls" || return 1
  tells_what_is_wrong '--ca: .*none.pem' -- --endpoint "$tls_url" --ca none.pem &&
    tells_what_is_wrong '--ca: .*no certificate' -- --endpoint "$tls_url" --ca root.key &&
    tells_what_is_wrong '--cert: client.pem' -- --endpoint "$tls_url" --cert client.pem &&
    tells_what_is_wrong '--cert: client.pfx.*SWB_CERT_PASSWORD' -- --endpoint "$tls_url" --cert client.pfx &&
    tells_what_is_wrong '--cert-key goes with --cert' -- --endpoint "$tls_url" --cert-key client.key &&
    tells_what_is_wrong '--endpoint is an http' -- --endpoint localhost:5080 &&
    tells_what_is_wrong '--ca are for https' -- --ca root.pem &&
    tells_what_is_wrong '--insecure is for http' -- --endpoint "$tls_url" --insecure
)

goes_unencrypted_only_where_told() { # 192.0.2.1 is nobody's
  local words="cases list --endpoint http://192.0.2.1 --key nobody"
  exits_with 1 swbridge $words 2>"$work/told" && grep -q -- '--insecure' "$work/told" && exits_with 3 timeout 120 "$work/tools/swbridge" $words --insecure
}

# Debian's bsdutils; also where only a part of a system is installed.
command -v script >/dev/null || { apt-get install -y -qq bsdutils >/dev/null || echo "there is no script(1)"; }
[ "${1:-}" = --no-build ] || dotnet build "$root/tests/Contract" -c Release -v quiet --nologo
check "it is packed and installed" install
check "it is not packed with stand-ins by chance" refuses_stand_ins
check "it serves a sandbox and says the key" serve
check "the server keeps to the contract" keeps_to_the_contract
check "cases are listed as JSON" lists_as_json
check "a case is shown" shows_a_case
check "receipts are shown" tails
check "a consumer goes on where it was" keeps_a_consumers_place
check "a case is watched to its end" watches_an_ended_case
check "pipes get no escapes, and end it when nobody reads" writes_no_escapes_into_pipes
check "what is shown fits the terminal" fills_no_more_than_a_terminal
check "Ctrl+C ends what goes on" ends_by_ctrl_c
check "a file is downloaded" gets_a_file
check "errors are told in two languages" says_errors_in_two_languages
check "a wrong key is refused" exits_with 1 swbridge cases list --key nobody
check "a wrong key ends what goes on" refuses_to_go_on
check "a wrong command line is told" exits_with 2 swbridge cases list --stage MOON
check "serving needs a way to Customs" exits_with 2 swbridge serve
check "a bridge that is not there is told" exits_with 3 swbridge cases list --endpoint http://127.0.0.1:1
check "a server ends in good order" ends_in_good_order
check "it serves with TLS" serve_with_tls
check "a server is trusted by its authority" trusts_by_ca
check "a certificate is shown" shows_its_certificate
check "files and options that cannot be are told" tells_of_certificates
check "a key goes unencrypted only where that is said" goes_unencrypted_only_where_told
check "the server's own commands are there" bash -c "'$work/tools/swbridge' case-states | grep -q stateDiagram"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
