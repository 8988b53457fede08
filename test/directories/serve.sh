#!/usr/bin/env bash
# Main process of a container: waits for the folder that its launcher fills, then is run.sh as an ordinary user. Its words
# come from a file, and what the server logs goes to standard output.
#
#   serve.sh RUN USER LOGS ARGS...    RUN is the text of run.sh, LOGS are files in its folder
set -euo pipefail
run=$1 user=$2 logs=$3
shift 3
echo 'waiting for the recipe'
until [ -e /recipe/words ]; do sleep 0.05; done
cd /recipe/server
# One word each. On the file system of a container tail has to look again and again, by itself once a second.
# shellcheck disable=SC2086
touch $logs
chown -R "$user:" /recipe
# shellcheck disable=SC2086
tail -q -s 0.05 -n +1 -F $logs &
# In the place of this process, so that the container ends when run.sh does.
exec setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups --no-new-privs \
  bash -c "$run" run.sh /recipe/server "$@" < <(tail -s 0.05 -n +1 -F /recipe/words)
