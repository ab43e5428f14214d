#!/usr/bin/env bash
# rsyslog: a line that begins with a number swallows as many bytes of the messages behind it.
#
# Versions: rsyslog 8.2302.0 (Debian 12: rsyslog 8.2302.0-1+deb12u2), imtcp with its defaults.
# Behaviour: in a stream of lines over TCP, the line "60 disks checked" (no PRI; old devices and `logger`-like scripts send
#   such) is read as "a message of 60 bytes follows". These 60 bytes are taken from what comes next: one message is
#   glued into it, another is cut and arrives as user.notice under the wrong host. Only a message further on is whole.
# Expected: a line feed ends a line, and a count is one only where the message behind it begins with "<".
# Why it matters: the messages that are lost or lose their severity are those of other programs in the same stream (a
#   relay's connection carries a whole site), so the rule for emerg never sees them. The log names no loss.
# Source: tcps_sess.c decides for each frame by its first character; the module's page has it under
#   SupportOctetCountedFraming, on by default.
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
  unpack rsyslog=8.2302.0-1+deb12u2
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up
libs=$(find "$tmp/root" -type d -path "*/lib/*-linux-gnu" | paste -sd:)

export LD_LIBRARY_PATH=$libs
modules=$(find "$tmp/root" -type d -path '*/lib/*/rsyslog')
cat >"$tmp/rsyslog.conf" <<EOF
module(load="imtcp")
input(type="imtcp" port="1514" address="127.0.0.1")
template(name="seen" type="string" string="%pri-text% %hostname% %msg%\n")
action(type="omfile" file="$tmp/seen" template="seen")
EOF
"$tmp/root/usr/sbin/rsyslogd" -n -M "$modules" -f "$tmp/rsyslog.conf" -i "$tmp/pid" 2>"$tmp/errors" &
pids+=($!)
sleep 2
exec 7<>/dev/tcp/127.0.0.1/1514
printf '%s\n' '<13>Jun  1 10:00:00 r1 app: before' '60 disks checked' '<8>Jun  1 10:00:01 r1 app: ALARM one' \
  '<8>Jun  1 10:00:02 r1 app: ALARM two' '<8>Jun  1 10:00:03 r1 app: ALARM three' >&7
exec 7>&-
sleep 2
emergencies=$(grep -c '^user.emerg r1 .*ALARM' "$tmp/seen" || true)
echo "expected: 3 messages of r1 with severity emerg"
echo "seen:     $emergencies; all that arrived:"
sed 's/^/  /' "$tmp/seen"
[[ $emergencies == 1 ]] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
