import type { PlanView } from '#api/v1/configuration-view.ts'
import { isObject } from '#lib/json.ts'

/** A plan as lines for people. */

type Item = PlanView['items'][number]
type Change = NonNullable<Item['changes']>[number]

const MARKS = { created: '+', changed: '~', same: '=', removed: '-', kept: '!', surplus: '?' } as const
/** Of many alike so many are listed; `--json` lists all. */
const LISTED = 200

const listed = <T>(things: readonly T[], linesOf: (thing: T) => readonly string[]): string[] => {
  const lines = things.slice(0, LISTED).flatMap(linesOf)
  return things.length > LISTED ? [...lines, `  … and ${things.length - LISTED} more (--json lists all)`] : lines
}

const shown = (value: unknown): string => {
  if (value === undefined) return '(none)'
  return Array.isArray(value) || isObject(value) ? JSON.stringify(value) : String(value)
}

const changeLine = ({ field, from, to, secret }: Change): string =>
  secret ? `      ${field}: (secret) is another` : `      ${field}: ${shown(from)} → ${shown(to)}`

const itemLines = ({ object, name, did, place, was, owner, changes = [] }: Item): string[] => {
  const where = did === 'kept' ? `belongs to ${owner ?? "the server's file"}: change it there` : (place ?? '')
  const renamed = was === undefined ? '' : `  (was ${was})`
  return [`  ${MARKS[did]} ${object.padEnd(8)} ${name}${renamed}  ${where}`.trimEnd(), ...changes.map(changeLine)]
}

const countOf = (items: readonly Item[], did: Item['did']): number => items.filter((item) => item.did === did).length

const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [title, ...lines])

const alike = (items: readonly Item[]) => [...Map.groupBy(items, ({ object, did }) => `${object} ${did}`).values()]

const of = (items: readonly Item[], ...dids: Item['did'][]): string[] =>
  alike(items.filter(({ did }) => dids.includes(did))).flatMap((those) => listed(those, itemLines))

const AS = {
  reload: 'The server runs from a file of its own: this is what it would do if this were that file.',
  apply: 'As by hand: what it makes can be changed on the page as well.',
} as const

/** Whether anything would be done. */
export const changesAnything = ({ items, sections }: PlanView): boolean =>
  sections.length > 0 || items.some(({ did }) => did === 'created' || did === 'changed' || did === 'removed')

const countsOf = ({ items, applied }: PlanView): string => {
  const [created, changed, same, removed] = (['created', 'changed', 'same', 'removed'] as const).map((did) =>
    countOf(items, did),
  )
  return applied
    ? `Created ${created}, changed ${changed}, removed ${removed}, already there ${same}.`
    : `To create ${created}, to change ${changed}, to remove ${removed}, already there ${same}.`
}

const endOf = (plan: PlanView): string[] => {
  if (plan.applied) return []
  return changesAnything(plan) ? ['Nothing is changed yet.'] : ['Nothing to do.']
}

export const planLines = (plan: PlanView): string[] => {
  const { items, as, sections, file_only: fileOnly } = plan
  return [
    AS[as],
    ...of(items, 'created', 'changed', 'removed'),
    ...sections.map((name) => `  ~ section  ${name}`),
    ...section("Of the server's file, and left as that says it:", of(items, 'kept')),
    ...section('Made by hand and not in the file (--prune removes them):', of(items, 'surplus')),
    ...(fileOnly.length === 0
      ? []
      : [`Left out, only the file that a server runs from says it: ${fileOnly.join(', ')}.`]),
    countsOf(plan),
    ...endOf(plan),
  ]
}
