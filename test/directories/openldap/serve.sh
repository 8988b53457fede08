#!/usr/bin/env bash
# Main process of the container: run.sh as an ordinary user, its words from a file, its log on standard output.
set -euo pipefail
touch /recipe/words /recipe/slapd.log
chown -R openldap:openldap /recipe
tail -n +1 -F /recipe/slapd.log &
tail -n +1 -F /recipe/words |
  setpriv --reuid=openldap --regid=openldap --init-groups --no-new-privs \
    bash /usr/local/bin/run.sh /recipe 'ldap://0.0.0.0:3389/ ldaps://0.0.0.0:3636/' keep
