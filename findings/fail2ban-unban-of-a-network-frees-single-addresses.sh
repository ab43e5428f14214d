#!/usr/bin/env bash
# fail2ban: "unbanip NETWORK" lifts every single ban inside it, or only the network's own ban; the state decides which.
#
# Versions: fail2ban 1.0.2 (Debian 12: fail2ban 1.0.2-2).
# Behaviour: two addresses of 192.0.2.0/24 are banned one by one. `set JAIL unbanip 192.0.2.0/24`, a network that nobody
#   banned, lifts both, prints 2 and exits 0. If the network itself is banned beside them, the same command lifts the
#   network's ban alone, prints 1, and leaves the addresses inside banned. The other way round, unbanning an address
#   inside a banned network does nothing, prints 0 and exits 0.
# Expected: one meaning of the command; for a network that is not banned, what it does for an address that is not: 0.
# Why it matters: a tool that keeps bans in step (a dashboard, a sync between servers) takes back the ban of a network
#   that has run out in the meantime, and with it frees every attacker of that network whom the jail had found on its
#   own. The number printed is the only sign, and exit 0 is the same each time.
# Source: fail2ban/server/actions.py, removeBannedIP(): when the exact ticket is not found and the argument is a network,
#   all tickets within it are removed. fail2ban-client's help says only "manually unban <IP> in <JAIL>".
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
dbfile = None
EOF
cat >"$tmp/conf/jail.local" <<EOF
[app]
enabled = true
backend = polling
filter = app
logpath = $tmp/app.log
action = nothing
EOF
at=(-c "$tmp/conf" -s "$tmp/sock" -p "$tmp/pid")
python3 "$tmp/root/usr/bin/fail2ban-server" "${at[@]}" -f start >"$tmp/out" 2>&1 &
pids+=($!)
client() { python3 "$tmp/root/usr/bin/fail2ban-client" "${at[@]}" "$@"; }
for _ in {1..60}; do client ping >/dev/null 2>&1 && break || sleep 0.25; done

ban() { for address; do client set app banip "$address" >/dev/null; done; sleep 2; }
banned() { client get app banned | tr -d "[]', \n" | sed 's/192/ 192/g;s/198/ 198/g;s/203/ 203/g'; }
ban 192.0.2.10 192.0.2.20 198.51.100.5
one="lifted $(client set app unbanip 192.0.2.0/24), left:$(banned)"
echo "192.0.2.10, .20 and 198.51.100.5 banned; unbanip 192.0.2.0/24"
echo "  expected: lifted 0, left: all three"
echo "  seen:     $one"
ban 192.0.2.0/24 192.0.2.66
two="lifted $(client set app unbanip 192.0.2.0/24), left:$(banned | xargs -n1 | sort | xargs printf ' %s')"
echo "192.0.2.0/24 and 192.0.2.66 banned as well; the same command"
echo "  seen:     $two"
[[ $one == "lifted 2, left: 198.51.100.5" && $two == "lifted 1, left: 192.0.2.66 198.51.100.5" ]] ||
  { echo "the behaviour has changed"; exit 1; }
echo "still so"
