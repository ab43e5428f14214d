#!/usr/bin/env bash
# fail2ban: after a restart a jail is listed as running with none of its bans, for as long as its firewall takes to set them.
#
# Versions: fail2ban 1.0.2 (Debian 12: fail2ban 1.0.2-2).
# Behaviour: a jail has 100 bans, and its action takes 0.2 s each, as a firewall that is called once for each address does.
#   fail2ban is stopped and started. It answers, `status` names the jail, and `get app banip` gives few or none of the 100, for
#   some 20 s: the database has them all along, and they become banned one after the other. Nothing says that it is at it.
# Expected: the bans that it knows are listed, or the jail is not there yet, or something says that they are being set.
# Why it matters: a graph of bans falls to zero at each restart and rises like an attack; a tool that keeps a table in step with
#   the list forgets all bans at that moment, those that people set with a reason and an end as well.
# Source: fail2ban/server/jail.py, restoreCurrentBans(): what the database holds is put into the queue of failures, and
#   actions.py, __checkBan(), takes them from there with the action run for each.
set -euo pipefail

# Unpacks Debian packages, and what they need and this system lacks, below $tmp/root. Installs nothing.
unpack() {
  local lists=() wanted=() pin name
  chmod 755 "$tmp"
  if ! apt-cache show "${1%%=*}" >/dev/null 2>&1; then
    mkdir -p "$tmp/lists/partial"
    lists=(-o "Dir::State::lists=$tmp/lists")
    apt-get -qq "${lists[@]}" update
  fi
  for pin; do
    name=${pin%%=*}
    if ! (cd "$tmp" && apt-get -qq "${lists[@]}" download "$pin") >/dev/null 2>&1; then
      echo "$pin is not offered here; taking the version there is"
      (cd "$tmp" && apt-get -qq "${lists[@]}" download "$name") 2>/dev/null
    fi
    wanted+=("$name")
  done
  for name in $(apt-get -s "${lists[@]}" --no-install-recommends install "${wanted[@]}" |
    awk '$1 == "Inst" && $3 ~ /^\(/ { print $2 }'); do
    (cd "$tmp" && ls "${name}"_*.deb >/dev/null 2>&1) ||
      (cd "$tmp" && apt-get -qq "${lists[@]}" download "$name") 2>/dev/null
  done
  for name in "$tmp"/*.deb; do dpkg-deb -x "$name" "$tmp/root"; done
  for name in "${wanted[@]}"; do
    echo "version: $(dpkg-deb -f "$tmp/${name}"_*.deb Package Version | paste -sd' ')"
  done
}

# Everything below runs in a network namespace of its own: nothing reaches another machine.
if [ "${1-}" != inside ]; then
  tmp=$(mktemp -d)
  trap 'rm -rf "$tmp"' EXIT
  unpack fail2ban=1.0.2-2
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up

export PYTHONPATH=$tmp/root/usr/lib/python3/dist-packages
cp -r "$tmp/root/etc/fail2ban" "$tmp/conf"
rm -rf "$tmp"/conf/jail.d/*
touch "$tmp/app.log"
printf '[Definition]\nactionban = sleep 0.2\nactionunban = true\n' >"$tmp/conf/action.d/nothing.conf"
printf '[Definition]\nfailregex = ^bad <HOST>$\n' >"$tmp/conf/filter.d/app.conf"
cat >"$tmp/conf/fail2ban.local" <<EOF
[Definition]
logtarget = $tmp/log
socket = $tmp/sock
pidfile = $tmp/pid
dbfile = $tmp/db
EOF
cat >"$tmp/conf/jail.local" <<EOF
[app]
enabled = true
backend = polling
filter = app
logpath = $tmp/app.log
bantime = 600
action = nothing
EOF
at=(-c "$tmp/conf" -s "$tmp/sock" -p "$tmp/pid")
serve() {
  python3 "$tmp/root/usr/bin/fail2ban-server" "${at[@]}" -f start >>"$tmp/out" 2>&1 &
  pids+=($!)
  for _ in {1..60}; do client ping >/dev/null 2>&1 && break || sleep 0.25; done
}
client() { python3 "$tmp/root/usr/bin/fail2ban-client" "${at[@]}" "$@"; }
listed() { client get app banip | wc -w; }

serve
client set app banip 198.51.100.{1..100} >/dev/null
for _ in {1..120}; do [[ $(listed) == 100 ]] && break || sleep 0.5; done
kept() { python3 -c "import sqlite3; print(sqlite3.connect('$tmp/db').execute('select count(*) from bips').fetchone()[0])"; }
echo "$(date +%T) before the restart: $(listed) listed, $(kept) in its database"
client stop >/dev/null
wait "${pids[0]}" || true
serve
jails=$(client status | sed -n 's/.*Jail list:\s*//p')
first=$(listed)
echo "$(date +%T) after it: jails: $jails; expected: 100 listed; seen: $first listed, $(kept) in its database"
sleep 8
then=$(listed)
echo "$(date +%T) 8 s later: $then listed"
for _ in {1..120}; do [[ $(listed) == 100 ]] && break || sleep 0.5; done
echo "$(date +%T) at last: $(listed) listed"
[[ $jails == app && $first -lt 50 && $then -lt 100 && $(listed) == 100 ]] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
