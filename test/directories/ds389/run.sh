#!/usr/bin/env bash
# Runs ns-slapd of a folder that recipe.ts filled, and keeps watch over it. It lives as long as its standard input: when
# the process that started it ends, however it ends, the server ends too and the folder goes.
#
#   run.sh DIR
set -euo pipefail
dir=$1
export PATH="$PATH:/usr/sbin"
umask 077

pid=
finish() {
  # The data is thrown away with the folder, so there is nothing to wait for.
  [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || true
  [ -z "$pid" ] || wait "$pid" || true
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 0' TERM INT HUP

# Collations and the certificate map, which the server reads at start.
cp /etc/dirsrv/config/* "$dir/config/"
# -d 0 keeps it in the foreground, so that $! is its process id.
ns-slapd -D "$dir" -i "$dir/run/pid" -d 0 >>"$dir/log/out" 2>&1 &
pid=$!
while read -r _; do :; done
