#!/usr/bin/env bash
# fail2ban: after "set JAIL bantime N" its list says that a ban is over, and the address stays out until another is banned.
#
# Versions: fail2ban 1.0.2 (Debian 12: fail2ban 1.0.2-2).
# Behaviour: an address is banned for 600 s. `set app bantime 5` is said, for attackers to come: `get app banip --with-time`
#   now gives the ban that runs an end 5 s after it began, which is over, and still the address is listed and kept out, for
#   as long as the first ban would have lasted. It is let in 5 s after somebody else is banned. The database says 600.
# Expected: a ban that runs keeps the end that it was set with, or is lifted at the one that the list tells.
# Why it matters: a dashboard that draws the list says "ended" of an address that is locked out, a tool that keeps firewalls
#   in step lifts it elsewhere, and whoever is locked out comes back when a stranger attacks.
# Source: fail2ban/server/banmanager.py: an end is counted anew from the jail's time each time it is asked for
#   (getEndOfBanTime(defaultBT)), but unBanList() returns early until _nextUnbanTime, which only a new ban brings forward.
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
printf '[Definition]\nactionban = true\nactionunban = true\n' >"$tmp/conf/action.d/nothing.conf"
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
python3 "$tmp/root/usr/bin/fail2ban-server" "${at[@]}" -f start >"$tmp/out" 2>&1 &
pids+=($!)
client() { python3 "$tmp/root/usr/bin/fail2ban-client" "${at[@]}" "$@"; }
for _ in {1..60}; do client ping >/dev/null 2>&1 && break || sleep 0.25; done

banned() { client get app banip --with-time | tr '\t' ' ' | sed 's/  */ /g'; }
client set app banip 192.0.2.10 >/dev/null
sleep 6
echo "$(date +%T) banned for 600 s: $(banned)"
client set app bantime 5 >/dev/null
sleep 10
over=$(banned)
ends=${over##* }
echo "$(date +%T) after set app bantime 5; expected: the same end, or nobody listed; seen: ${over:-nobody}"
kept=$(python3 -c "import sqlite3; print(*[r for r, in sqlite3.connect('$tmp/db').execute('select bantime from bips')])")
echo "in its database: $kept s"
[[ $over == *"+ 5 ="* && $ends < $(date +%T) ]] || { echo "the behaviour has changed"; exit 1; }
client set app banip 198.51.100.5 >/dev/null
sleep 9
left=$(banned)
echo "$(date +%T) after a ban of 198.51.100.5: ${left:-nobody is listed}"
[[ -z $left && $kept == 600 ]] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
