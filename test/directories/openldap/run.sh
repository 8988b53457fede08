#!/usr/bin/env bash
# Makes a running slapd of a folder that recipe.ts filled, and keeps watch over it. It lives as long as its standard
# input: when the process that started it ends, however it ends, slapd ends too and the folder goes.
#
#   run.sh DIR URLS [keep]    words on standard input: "halt", "start"; end of input: stop and, without "keep", remove DIR
set -euo pipefail
dir=$1 urls=$2 keep=${3:-}
export PATH="$PATH:/usr/sbin:/usr/local/libexec:/usr/libexec"
umask 077

# Node checks subject alternative names only; libldap compares an address with the address entry.
certificate() {
  local name=$1 subject=$2 extensions=$3
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$subject" \
    -keyout "$dir/tls/$name.key" -out "$dir/tls/$name.csr" 2>>"$dir/tls/openssl.log"
  openssl x509 -req -in "$dir/tls/$name.csr" -CA "$dir/tls/ca.pem" -CAkey "$dir/tls/ca.key" -CAcreateserial \
    -days 30 -extfile <(printf '%b' "$extensions") -out "$dir/tls/$name.pem" 2>>"$dir/tls/openssl.log"
}

if [ ! -s "$dir/tls/ca.pem" ]; then
  mkdir -p "$dir/tls"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=scim-ldap test authority' \
    -keyout "$dir/tls/ca.key" -out "$dir/tls/ca.pem" 2>>"$dir/tls/openssl.log"
  certificate server /CN=localhost \
    'basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n'
  certificate client "$(cat "$dir/client-subject")" 'basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n'
fi

if [ ! -s "$dir/db/data.mdb" ]; then
  mkdir -p "$dir/db"
  for ldif in "$dir"/ldif/*.ldif; do
    slapadd -q -f "$dir/slapd.conf" -b "$(cat "$dir/suffix")" -l "$ldif" >>"$dir/slapd.log" 2>&1
  done
fi

pid=
start() {
  # -d keeps slapd in the foreground, so that $! is its process id.
  slapd -h "$urls" -f "$dir/slapd.conf" -d "$(cat "$dir/debug")" >>"$dir/slapd.log" 2>&1 &
  pid=$!
  echo "$pid" >"$dir/slapd.pid"
}
halt() {
  [ -n "$pid" ] || return 0
  kill -TERM "$pid" 2>/dev/null || true
  wait "$pid" || true
  pid=
  rm -f "$dir/slapd.pid"
}
finish() {
  # The data is thrown away with the folder, so there is nothing to wait for.
  if [ -z "$keep" ] && [ -n "$pid" ]; then kill -KILL "$pid" 2>/dev/null || true; fi
  halt
  if [ -z "$keep" ]; then rm -rf "$dir"; fi
}
trap finish EXIT
trap 'exit 0' TERM INT HUP

start
while read -r word; do
  case $word in
    halt) halt ;;
    start) start ;;
  esac
done
