#!/usr/bin/env bash
# minijinja-js: in a template, text is above every number and a missing value below every number. No error, even "5" > 900.
#
# Versions: minijinja-js 2.11.0 (npm), the WebAssembly build of MiniJinja; Node 20 or newer.
# Behaviour: {{ loss > 900 }} with loss = "5" (text) is true. {{ loss < -1000 }} is true where loss is null or is not there
#   at all, also with undefinedBehavior = "strict". A list is above every number as well. JavaScript compares "5" and 900
#   as numbers; Jinja2, whose language this is, refuses the comparison with an error.
# Expected: false or an error in each case.
# Why it matters: templates of alerts are full of {% if loss > 50 %}, and fields that come from a log line, a header or a
#   query string are text. The branch for the bad case is taken for every such alert, and the branch for "below" is
#   taken when the figure is missing, which is when the message should say so.
# Source: values of different kinds are ordered by kind (none, bool, number, text, list…) so that sorting never fails;
#   minijinja/src/value/mod.rs, Ord for Value.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" minijinja-js@2.11.0 >"$tmp/log" || { echo "npm could not fetch the package"; exit 2; }
echo "version: minijinja-js $(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$tmp/node_modules/minijinja-js/package.json")"
cat >"$tmp/show.mjs" <<'EOF'
import { Environment } from 'minijinja-js';
const rows = [
  ['{{ loss > 900 }}', { loss: '5' }, 'lenient'],
  ['{{ loss > 900 }}', { loss: [] }, 'lenient'],
  ['{{ loss < -1000 }}', { loss: null }, 'lenient'],
  ['{{ loss < -1000 }}', {}, 'lenient'],
  ['{{ loss < -1000 }}', {}, 'strict'],
];
let same = true;
for (const [template, values, mode] of rows) {
  const environment = new Environment();
  environment.undefinedBehavior = mode;
  let seen;
  try {
    seen = environment.renderStr(template, values);
  } catch (error) {
    seen = `error: ${String(error?.message ?? error).split('\n')[0]}`;
  }
  console.log(`${template} with ${JSON.stringify(values)} (${mode}): expected false or an error; seen: ${seen}`);
  same &&= seen === 'true';
}
console.log(same ? 'still so' : 'the behaviour has changed');
process.exitCode = same ? 0 : 1;
EOF
node "$tmp/show.mjs"
