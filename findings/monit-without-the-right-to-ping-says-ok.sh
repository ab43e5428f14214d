#!/usr/bin/env bash
# monit says "status OK" for ever for a host it has no right to ping, and logs nothing.
#
# Versions: monit 5.33.0 (Debian 12: monit 1:5.33.0-1), Linux.
# Behaviour: `check host … if failed ping then alert` needs the right to open raw sockets. Without it (an ordinary user's
#   monit, a container without NET_RAW) the test is passed over: the host's status is OK, no error is told at the start,
#   at `monit -t`, in the log or in the status page. The only trace is "ping response time -".
# Expected: an error at the start ("no permission"), or a status of its own; never OK.
# Why it matters: a watch that cannot see says that all is well, and the first to notice is the customer.
# Source: the manual ("Network ping test") says that monit must run as root for it, not that it says OK when it does not.
#   The program has a sentence for the case ("ping test skipped … no permission"), told only to who runs it with -v.
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
  unpack monit=1:5.33.0-1
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up
libs=$(find "$tmp/root" -type d -path "*/lib/*-linux-gnu" | paste -sd:)

cat >"$tmp/monitrc" <<EOF
set daemon 1
set log $tmp/log
set pidfile $tmp/pid
set idfile $tmp/id
set statefile $tmp/state
set httpd unixsocket $tmp/socket allow user:pass
check host dead with address 127.0.0.1
  if failed ping count 2 with timeout 1 seconds then alert
EOF
chmod 600 "$tmp/monitrc"
echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all # the host answers no ping at all
monit=$tmp/root/usr/bin/monit
export LD_LIBRARY_PATH=$libs

# status_of WORD…: what a monit started by these words says of the host after six seconds.
status_of() {
  "$@" "$monit" -I -c "$tmp/monitrc" >"$tmp/out" 2>&1 &
  local pid=$!
  pids=("$pid")
  sleep 7
  "$monit" -c "$tmp/monitrc" status dead | awk '$1 == "status" { $1 = ""; print substr($0, 2) }'
  kill "$pid"
  wait "$pid" || true
  pids=()
  rm -f "$tmp/state" "$tmp/socket"
}
with=$(status_of env)
rm "$tmp/log"
without=$(status_of setpriv --bounding-set=-net_raw --inh-caps=-net_raw)
echo "with the right:    status $with"
echo "without the right: expected anything but OK; seen: status $without"
echo "its whole log without the right:"
cut -d] -f2- "$tmp/log" | sed 's/^/  /'
[[ $with == "ICMP failed" && $without == OK ]] || { echo "the behaviour has changed"; exit 1; }
! grep -qiE ' ping|permi|privil' "$tmp/log" || { echo "the behaviour has changed: it is logged"; exit 1; }
echo "still so"
