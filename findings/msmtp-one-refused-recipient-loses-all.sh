#!/usr/bin/env bash
# msmtp: one address that the server refuses, and nobody gets the mail.
#
# Versions: msmtp 1.8.23 (Debian 12: msmtp 1.8.23-1).
# Behaviour: with three recipients of which the second is refused (550, its mailbox is gone), msmtp ends the session
#   after that answer. It does not ask for the third, sends no DATA, and the first, who had been accepted with 250, gets
#   nothing. It exits with 65; the message is not queued anywhere.
# Expected: the mail goes to those whom the server took, and the refusal is told: what sendmail, Postfix and most
#   libraries do with the same answers. (The exit status is non-zero, so this is no false success.)
# Why it matters: alerts go to a list (`aliases`, -t with several To:). The day a colleague leaves and the mailbox goes,
#   the whole team stops getting alerts, and the only word of it is on the standard error of a cron job that mails its
#   output by the same msmtp.
# Source: src/smtp.c, the loop over recipients returns at the first answer that is not 250; the manual does not say so.
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
  unpack msmtp=1.8.23-1
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up
libs=$(find "$tmp/root" -type d -path "*/lib/*-linux-gnu" | paste -sd:)

export LD_LIBRARY_PATH=$libs
cat >"$tmp/smtp.pl" <<'EOF'
use IO::Socket::INET;
$| = 1;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1:2525", Listen => 5, ReuseAddr => 1) or die $!;
while (my $c = $server->accept) {
  $c->autoflush(1);
  print $c "220 relay\r\n";
  my $data = 0;
  while (my $line = <$c>) {
    $line =~ s/\r?\n//;
    if ($data) { if ($line eq ".") { $data = 0; print "delivered\n"; print $c "250 queued\r\n" } next }
    print "$line\n";
    if ($line =~ /^DATA/) { $data = 1; print $c "354 go on\r\n" }
    elsif ($line =~ /^QUIT/) { print $c "221 bye\r\n"; last }
    elsif ($line =~ /gone@/) { print $c "550 5.1.1 no such mailbox\r\n" }
    else { print $c "250 ok\r\n" }
  }
}
EOF
perl "$tmp/smtp.pl" >"$tmp/session" &
pids+=($!)
sleep 1
printf 'Subject: DOWN core-router\n\nno answer\n' | HOME=$tmp "$tmp/root/usr/bin/msmtp" --host=127.0.0.1 --port=2525 \
  --tls=off --auth=off --from=monitor@example.com first@example.com gone@example.com third@example.com 2>"$tmp/error" &&
  status=0 || status=$?
sleep 0.5
echo "expected: DATA for first@ and third@, a word about gone@"
echo "seen:     exit $status; the server heard:"
grep -v HLO "$tmp/session" | sed 's/^/  /'
[[ $status != 0 ]] || { echo "the behaviour has changed"; exit 1; }
grep -q 'RCPT TO:<first@' "$tmp/session" || { echo "the behaviour has changed"; exit 1; }
! grep -qE 'third@|DATA|delivered' "$tmp/session" || { echo "the behaviour has changed"; exit 1; }
echo "still so"
