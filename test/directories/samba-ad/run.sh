#!/usr/bin/env bash
# Makes a running domain controller of a folder that recipe.ts filled, and keeps watch over it. It lives as long as its
# standard input: when the process that started it ends, however it ends, samba ends too and the folder goes.
#
#   run.sh DIR COMPILER PORTMAP    the ports as portmap.c takes them
set -euo pipefail
dir=$1 compiler=$2 portmap=$3
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

key() { openssl req "$@" -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes; }
key -x509 -days 30 -subj '/CN=scim-ldap test authority' -keyout "$dir/tls/ca.key" -out "$dir/tls/ca.pem"
key -subj /CN=dc1 -keyout "$dir/tls/server.key" -out "$dir/tls/server.csr"
openssl x509 -req -in "$dir/tls/server.csr" -CA "$dir/tls/ca.pem" -CAkey "$dir/tls/ca.key" -CAcreateserial -days 30 \
  -extfile <(printf 'basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n') \
  -out "$dir/tls/server.pem"

"$compiler" -shared -fPIC -nostdlib -o "$dir/portmap.so" "$dir/portmap.c"
# Debian's own Python: one of somebody else's on the path knows nothing of Samba.
/usr/bin/python3 "$dir/provision.py" "$dir"

# -i keeps it in the foreground, so that $! is its process id.
PORTMAP=$portmap LD_PRELOAD="$dir/portmap.so" samba -i -M single --configfile="$dir/smb.conf" --debug-stdout \
  >>"$dir/log/out" 2>&1 &
pid=$!
while read -r _; do :; done
