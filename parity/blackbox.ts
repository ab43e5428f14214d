import { spawnSync } from 'node:child_process'
import type { MakeGroup } from './blackbox/case.ts'
import { compareGroup } from './blackbox/compare.ts'
import { GROUPS } from './blackbox/groups.ts'
import { PROGRAM } from './blackbox/peer.ts'

/**
 * `npm run blackbox`: has `/probe` and the real blackbox_exporter look at the same answers by the same modules, of every
 * key that it knows, and prints each difference; a name (`-- dns`) compares one prober. Needs Debian's
 * prometheus-blackbox-exporter 0.23.
 */

const found = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' })
if (found.error) {
  console.error(`${PROGRAM} is missing: install it with "apt-get install ${PROGRAM}".`)
  process.exit(2)
}
console.log(`${(found.stdout + found.stderr).split('\n')[0]}\n`)

const wanted = (Object.entries(GROUPS) as [string, MakeGroup][]).filter(
  ([name]) => process.argv.length < 3 || process.argv.includes(name),
)
let different = 0
for (const [name, make] of wanted) {
  const { looks, successes, differences } = await compareGroup(make)
  for (const difference of differences) console.log(difference)
  console.log(`${name}: ${looks} looks, ${successes} of them a success there, ${differences.length} differences`)
  different += differences.length
}
process.exitCode = different === 0 ? 0 : 1
