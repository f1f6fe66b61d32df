#!/usr/bin/env bash
# Calls the bridge with buf curl, which knows nothing of it but what reflection tells, in plain JSON.
# usage: buf_curl.sh BUF BRIDGE_PORT KEY PROTO_FOLDER...    prints a line for each case: case, tab, "ok" or what went wrong
set -uo pipefail
buf=$1
url=http://127.0.0.1:$2
key=$3
protos=("${@:4}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1 # Elsewhere buf would take the schema of the folder it stands in.
failed=0
curl=("$buf" curl --protocol grpc --http2-prior-knowledge --reflect --timeout 20s)

rpc() { # SERVICE/METHOD DATA [FLAG ...]
  "${curl[@]}" -H "authorization: Bearer $key" -d "$2" "${@:3}" "$url/singlewindow.bridge.v1.$1"
}

stream() { # SERVICE/METHOD DATA: becomes buf, so that ending this process ends the call
  exec "${curl[@]}" -H "authorization: Bearer $key" -d "$2" "$url/singlewindow.bridge.v1.$1"
}

uuid() { cat /proc/sys/kernel/random/uuid; }

same() { # EXPECTED ACTUAL WHAT
  [ "$1" = "$2" ] || { echo "$3: expected $1, got $2"; return 1; }
}

detail() { # TYPE FILE: the error's details of that type as text
  local value
  while read -r value; do
    while ((${#value} % 4)); do value+='='; done
    base64 -d <<<"$value" | protoc "${protos[@]/#/-I}" --decode="$1" google/rpc/error_details.proto singlewindow/bridge/v1/error_details.proto
  done < <(jq -r --arg type "$1" '.details[] | select(.type == $type) | .value' "$2")
}

form() { # EMAIL: an application
  jq -n --arg id "$(uuid)" --arg file "$(cat file-id)" --arg email "$1" '{request_id: $id, application: {
    category: "AQUATIC", products: ["AQUATIC_WILD"], summary: "冻金枪鱼 frozen yellowfin tuna", file_ids: [$file], contact: {
      department: "Fisheries", name: "A. Croes", position: "Head of Exports", email: $email, phone: {country_code: "297", number: "5820000"}}}}'
}

submit_one() { rpc ApplicationService/SubmitApplication "$(form a.croes@authority.example)" | jq -r '.case.caseId + " " + .case.number'; }

reflection() {
  for version in v1 v1alpha; do
    "${curl[@]}" --reflect-protocol "grpc-$version" --list-services "$url" >services || return 1
    grep -qx singlewindow.bridge.v1.ApplicationService services || { echo "$version does not list the services"; return 1; }
  done
}

health() {
  local status
  status=$("${curl[@]}" -d '{"service": "singlewindow.bridge.v1.CaseService"}' "$url/grpc.health.v1.Health/Check" | jq -r .status)
  same SERVING "$status" status
}

unary() {
  same AQUATIC "$(rpc CatalogueService/ListCategories '{}' | jq -r '.categories[] | select(.code == "AQUATIC") | .code')" category
}

unauthenticated() {
  "${curl[@]}" -d '{}' "$url/singlewindow.bridge.v1.CatalogueService/ListCategories" 2>error.json
  same $((16 << 3)) $? "exit code" && detail google.rpc.ErrorInfo error.json | grep -q '"CREDENTIALS_MISSING"'
}

upload() {
  local pages=$'%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%'
  local table=$((4194304 - 160))
  {
    printf %s "$pages"
    head -c $((table - ${#pages} - 1)) /dev/urandom
    printf '\n%-160s' "$(printf 'xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n'
      printf 'trailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF' "$table")"
  } >form.pdf
  local sha256 at
  sha256=$(sha256sum form.pdf | cut -d' ' -f1)
  {
    jq -n --arg id "$(uuid)" --arg sha256 "$sha256" '{header: {request_id: $id, name: "form.pdf", size_bytes: 4194304, sha256: $sha256}}'
    for at in 0 1 2 3; do
      printf '{"chunk": "%s"}\n' "$(dd if=form.pdf bs=1M skip=$at count=1 status=none | base64 -w0)"
    done
  } >upload.json
  rpc FileService/UploadFile @upload.json >stored.json || return 1
  jq -r .file.fileId stored.json >file-id
  same "$sha256" "$(jq -r .file.sha256 stored.json)" hash
}

download() {
  local chunk
  rpc FileService/DownloadFile "{\"file_id\": \"$(cat file-id)\"}" >parts.json || return 1
  jq -r '.chunk // empty' parts.json | while read -r chunk; do base64 -d <<<"$chunk"; done >got.pdf
  cmp form.pdf got.pdf && same form.pdf "$(jq -rs '.[0].file.name' parts.json)" name
}

submit() {
  local case_id number
  read -r case_id number < <(submit_one)
  echo "$case_id" >case-id
  same 18 ${#number} "length of the official number"
}

watch_catch_up() {
  local line pid
  exec {feed}< <(stream ReceiptService/WatchReceipts '{"after_number": "0"}' 2>&1)
  pid=$!
  while read -r line <&$feed && [[ $line != *caughtUp* ]]; do echo "$line"; done >receipts.txt
  kill -INT $pid
  exec {feed}<&-
  grep -q "$(cat case-id)" receipts.txt || { echo "the case has no receipt"; return 1; }
  same 1 "$(sed -n 's/^"number": "\(.*\)",$/\1/p' receipts.txt | awk '$1 != NR { wrong = 1 } END { print (NR > 0 && !wrong) }')" "numbers 1, 2, 3 ..."
}

watch_live() {
  local line pid case_id
  exec {feed}< <(stream ReceiptService/WatchReceipts '{"only_new": true}' 2>&1)
  pid=$!
  while read -r line <&$feed && [[ $line != *caughtUp* ]]; do :; done
  read -r case_id _ < <(submit_one)
  while read -r line <&$feed && [[ $line != *$case_id* ]]; do :; done
  kill -INT $pid
  exec {feed}<&-
  [[ $line == *$case_id* ]] || { echo "the stream ended without the receipt: $line"; return 1; }
}

# buf has no way to cancel a call but to go away in the middle of it.
cancel() {
  local line pid
  exec {feed}< <(stream ReceiptService/WatchReceipts '{"only_new": true}' 2>&1)
  pid=$!
  while read -r line <&$feed && [[ $line != *caughtUp* ]]; do :; done
  kill -INT $pid
  while read -r line <&$feed; do :; done # Until buf is gone.
  exec {feed}<&-
  health
}

deadline() {
  rpc ReceiptService/WatchReceipts '{"only_new": true}' --timeout 0.5s >/dev/null 2>error.json
  same $((4 << 3)) $? "exit code" && same deadline_exceeded "$(jq -r .code error.json)" code
}

rich_error() {
  rpc ApplicationService/SubmitApplication "$(form nowhere | jq '.application.products = []')" 2>error.json
  same $((3 << 3)) $? "exit code" || return 1
  same 'reason: "FIELD_INVALID" domain: "singlewindow.bridge"' \
    "$(detail google.rpc.ErrorInfo error.json | head -2 | xargs -d '\n')" reason || return 1
  local fields='application.products application.contact.email'
  same "$fields" "$(detail google.rpc.BadRequest error.json | sed -n 's/^ *field: "\(.*\)"/\1/p' | xargs)" fields || return 1
  same "$fields" "$(detail singlewindow.bridge.v1.FieldProblems error.json | sed -n 's/^ *field: "\(.*\)"/\1/p' | xargs)" "fields of the problems" || return 1
  same 'en zh-CN' "$(detail google.rpc.LocalizedMessage error.json | sed -n 's/^locale: "\(.*\)"/\1/p' | sort | xargs)" languages
}

for name in reflection health unary unauthenticated upload download submit watch_catch_up watch_live cancel deadline rich_error; do
  if $name >outcome 2>&1; then
    printf '%s\tok\n' $name
  else
    printf '%s\t%s\n' $name "failed: $(tr -s '[:space:]' ' ' <outcome)"
    failed=1
  fi
done
exit $failed
