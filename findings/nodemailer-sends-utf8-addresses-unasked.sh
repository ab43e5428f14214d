#!/usr/bin/env bash
# nodemailer: an address beyond ASCII goes as raw UTF-8 to a server that does not take such, in the envelope and in a header.
#
# Versions: nodemailer 10.6.0 (npm); Node 20 or newer.
# Behaviour: a mail goes to ñandú@example.org and noc@example.org, by a server whose answer to EHLO has no SMTPUTF8. The client
#   leaves that word out of MAIL FROM, as it must, and then sends the address all the same: "RCPT TO:<ñandú@example.org>" and
#   a header To: with bytes above 127. Where the server says 250 to it, both count as delivered.
# Expected: RFC 6531, 3.2: without the extension such an address is not sent; the send fails for that recipient, or before.
# Why it matters: relays that do not look (SMTPUTF8 switched off, appliances) take the mail, and the next server turns it away,
#   for the recipient in ASCII as well, whose copy has the same header: an alert that was "sent" reaches nobody.
# Source: lib/smtp-connection: `if (useSmtpUtf8 && supportedExtensions.includes('SMTPUTF8'))` adds the keyword; there is no else.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" nodemailer@10.6.0 >"$tmp/log" || { echo "npm could not fetch the package"; exit 2; }
echo "version: nodemailer $(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$tmp/node_modules/nodemailer/package.json"), node $(node --version)"
cat >"$tmp/show.mjs" <<'EOF'
import { createServer } from 'node:net';
import nodemailer from 'nodemailer';

const lines = [];
const server = createServer((socket) => {
  let data = false;
  let rest = '';
  const answer = (line) => {
    lines.push(line);
    if (data) {
      if (line !== '.') return;
      data = false;
      return socket.write('250 2.0.0 Queued\r\n');
    }
    if (line === 'DATA') {
      data = true;
      return socket.write('354 End with a dot\r\n');
    }
    socket.write(line.startsWith('EHLO') ? '250-relay.example\r\n250 8BITMIME\r\n' : '250 2.1.0 Ok\r\n');
  };
  socket.on('error', () => {}).on('data', (chunk) => {
    const parts = (rest + chunk).split('\r\n');
    rest = parts.pop();
    parts.forEach(answer);
  });
  socket.write('220 relay.example ESMTP\r\n');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const transport = nodemailer.createTransport({ host: '127.0.0.1', port: server.address().port, ignoreTLS: true });
const to = ['ñandú@example.org', 'noc@example.org'];
const { accepted } = await transport.sendMail({ from: 'monitor@example.org', to, subject: 'DOWN', text: 'DOWN' });
const seen = lines.filter((line) => /^(MAIL|RCPT|To:)/.test(line));
console.log('the server offers: 8BITMIME');
console.log(`expected: no line with ñ or ú; seen:\n  ${seen.join('\n  ')}`);
console.log(`accepted: ${accepted.join(', ')}`);
const raw = seen.filter((line) => /[^\x00-\x7f]/.test(line)).map((line) => line.slice(0, 3));
process.exit(raw.join() === 'RCP,To:' && accepted.length === 2 ? 0 : 1);
EOF
node "$tmp/show.mjs" || { echo "the behaviour has changed"; exit 1; }
echo "still so"
