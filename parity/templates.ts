import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Case, FACTS } from './case.ts'
import { expressions } from './cases/expressions.ts'
import { filters, filtersInHtml } from './cases/filters.ts'
import { flows } from './cases/flows.ts'
import { formats } from './cases/formats.ts'
import { methods } from './cases/methods.ts'
import { panel } from './cases/panel.ts'
import { statements } from './cases/statements.ts'
import { tests } from './cases/tests.ts'
import { type Comparison, compare, OUTCOMES, type Theirs } from './compare.ts'

/**
 * `npm run templates`: renders some thousand templates by Jinja2 and by Vigía, with the same facts, and prints each
 * difference; `-- "both refuse"` prints another kind, `-- --record` writes the cases of the test that needs no Jinja2.
 * Needs Debian's python3-jinja2 (or another Python with Jinja2 3.1, by `PYTHON=…`).
 */

const GROUPS: Readonly<Record<string, readonly Case[]>> = {
  expressions,
  filters,
  'filters in HTML': filtersInHtml,
  formats,
  methods,
  tests,
  statements,
  flows,
  "the older panel's": panel,
}

/** One of so many cases of the large groups is recorded. */
const EVERY = 20
const RECORDED = join(import.meta.dirname, '../test/contract/jinja-recorded.ndjson')

const python = process.env.PYTHON ?? '/usr/bin/python3'
const script = join(import.meta.dirname, 'jinja.py')

const versionOf = (): string => {
  const { status, stdout } = spawnSync(python, [script, '--version'], { encoding: 'utf8' })
  if (status === 0) return stdout.trim()
  console.error(
    `Jinja2 is missing: ${python} has no module jinja2. Install it with "apt-get install python3-jinja2", or name another Python: PYTHON=…`,
  )
  process.exit(2)
}

const askJinja = (cases: readonly Case[]): readonly Theirs[] => {
  const input = cases.map((one) => JSON.stringify(one)).join('\n')
  const output = execFileSync(python, [script], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** What is no difference that is printed. */
const QUIET: ReadonlySet<string> = new Set(['same', 'both refuse'])

const printDifference = ({ case: { template, html }, outcome, ours, theirs }: Comparison): void => {
  console.log(`\n${outcome}${html ? ' (HTML)' : ''}: ${JSON.stringify(template)}`)
  console.log(`  Jinja2: ${JSON.stringify(theirs.slice(0, 200))}\n  Vigía:  ${JSON.stringify(ours.slice(0, 200))}`)
}

/** A part of the cases with what Jinja2 makes of them, for the test that needs no Jinja2. */
const record = (all: readonly (readonly [group: string, comparisons: readonly Comparison[]])[]): void => {
  const lines = all.flatMap(([group, comparisons]) => {
    const whole = group === 'statements' || group === "the older panel's"
    return comparisons
      .filter(({ outcome }, index) => QUIET.has(outcome) && (whole || index % EVERY === 0))
      .map(({ case: { template, html, facts }, outcome, theirs }) =>
        JSON.stringify({
          template,
          ...(html && { html }),
          ...(facts !== FACTS && { facts }),
          ...(outcome === 'same' ? { text: theirs } : { error: theirs.slice(0, 80) }),
        }),
      )
  })
  writeFileSync(RECORDED, `${lines.join('\n')}\n`)
  console.log(`${lines.length} cases recorded in ${RECORDED}`)
}

const version = versionOf()
const all = Object.entries(GROUPS).map(([group, cases]) => {
  const theirs = askJinja(cases)
  return [group, cases.map((one, index) => compare(one, theirs[index]!))] as const
})
if (process.argv.includes('--record')) record(all)
const wanted = OUTCOMES.find((outcome) => process.argv.includes(outcome))
for (const [, comparisons] of all)
  for (const one of comparisons) if (wanted ? one.outcome === wanted : !QUIET.has(one.outcome)) printDifference(one)

console.log(`\nJinja2 ${version}\n`)
console.log(['', ...OUTCOMES].map((name, index) => (index === 0 ? name.padEnd(18) : name.padStart(20))).join(''))
const row = (name: string, comparisons: readonly Comparison[]) =>
  console.log(
    name.padEnd(18) +
      OUTCOMES.map((outcome) => String(comparisons.filter((one) => one.outcome === outcome).length).padStart(20)).join(
        '',
      ),
  )
for (const [group, comparisons] of all) row(group, comparisons)
row(
  'all',
  all.flatMap(([, comparisons]) => comparisons),
)
