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
chown -R "$user:" /recipe
cd /recipe/server
# shellcheck disable=SC2086 # One word each.
tail -qn +1 -F $logs 2>/dev/null &
# In the place of this process, so that the container ends when run.sh does.
exec setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups --no-new-privs \
  bash -c "$run" run.sh /recipe/server "$@" < <(tail -n +1 -F /recipe/words)
