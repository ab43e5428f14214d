import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { cases } from './cases/index.ts'
import type { Row } from './judge.ts'
import { cannotBuild } from './network.ts'
import { storm } from './storm.ts'

/**
 * The storm drill: breaks a provider in ten ways while Vigía watches it, and holds what people were told against what
 * was true. `--only TEXT` plays the cases whose name begins with it, `--json FILE` writes the rows, `--keep FOLDER` keeps
 * logs and messages, `--speed N` is how much faster than the wall's the provider's time runs.
 */
const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'string' }, keep: { type: 'string' }, speed: { type: 'string' } },
})

const obstacle = cannotBuild()
if (obstacle) {
  console.error(`drill: ${obstacle}`)
  process.exit(2)
}
if (values.keep !== undefined && existsSync(values.keep) && readdirSync(values.keep).length > 0) {
  console.error(`drill: ${values.keep} holds something already, and servers that begin anew need an empty folder`)
  process.exit(2)
}
const chosen = cases.filter(({ name }) => name.startsWith(values.only ?? ''))
if (chosen.length === 0) {
  console.error(`drill: no case begins with "${values.only}"; there are: ${cases.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

const WIDTHS = [26, 9, 8, 7, 6, 8, 8, 8] as const
const line = (cells: readonly unknown[]): string =>
  cells.map((cell, index) => String(cell).padEnd(WIDTHS[index] ?? 0)).join(' ')

const show = (row: Row): void => {
  const { messages, perfect, hidden, wrong, seconds_to_tell: seconds, minutes_charged: minutes, holds } = row
  console.log(line([row.case, messages, perfect, hidden, wrong, seconds ?? '-', minutes, holds ? 'holds' : 'MISSED']))
  for (const fault of row.faults.slice(0, 8)) console.log(`    ${fault}`)
  if (row.faults.length > 8) console.log(`    and ${row.faults.length - 8} more`)
}

/** A machine that is this late takes part in the storm: what is missed then may be its fault. */
const LATE_SECONDS = 10

console.log(line(['case', 'messages', 'perfect', 'hidden', 'wrong', 'to tell', 'charged', 'verdict']))
console.log(line(['', '', '', '', '', 's', 'min', '']))
const rows = await storm(chosen, {
  onRow: show,
  onLateness: (seconds) => {
    if (seconds > LATE_SECONDS)
      console.log(
        `    this machine ran up to ${Math.round(seconds)} s of the provider's time late; try a lower --speed`,
      )
  },
  ...(values.keep !== undefined && { keep: values.keep }),
  ...(values.speed !== undefined && { speed: Number(values.speed) }),
})
if (values.json)
  writeFileSync(
    values.json,
    `${JSON.stringify(
      rows.map(({ faults: _, ...row }) => row),
      null,
      2,
    )}\n`,
  )
process.exitCode = rows.every(({ holds }) => holds) ? 0 : 1
