import type { Cause } from '#core/cause/cause.ts'
import { type Left, placeText, type Refused } from '#importers/import-plan.ts'
import { iso } from '#lib/time/iso.ts'
import type { Prepared } from '#operations/import/prepare.ts'
import type { PreparedItem } from '#operations/import/prepare-things.ts'
import { inEnglish, problemSaid } from '#templates/said.ts'

/** What an import would do, or did, for people and for programs. */

const MARKS = { created: '+', changed: '~', same: '=' } as const
/** Of many alike so many are listed; `--json` lists all. */
const LISTED = 200

const whyView = (cause: Cause) => ({
  code: cause.code,
  facts: cause.facts,
  message: inEnglish(cause),
  message_es: problemSaid(cause)['x-es'].message,
})

const itemView = ({ object, name, did, place, notes }: PreparedItem) => ({
  object,
  name,
  did,
  place: placeText(place),
  ...(notes.length > 0 && { notes: notes.map(whyView) }),
})

const leftView = ({ what, place, why }: Left) => ({ name: what, place: placeText(place), why: whyView(why) })

export const importJson = (prepared: Prepared, applied: boolean, prune: boolean) => ({
  applied,
  items: prepared.items.map(itemView),
  removed: prune ? prepared.surplus.map(({ object, name }) => ({ object, name })) : [],
  surplus: prune ? [] : prepared.surplus.map(({ object, name }) => ({ object, name })),
  down: prepared.down.map(({ monitor, since, place }) => ({
    monitor,
    since: since === null ? null : iso(since),
    place: placeText(place),
  })),
  left: prepared.left.map(leftView),
  remarks: prepared.remarks.map(leftView),
})

export const refusedJson = (refused: readonly Refused[]) => ({
  applied: false,
  refused: refused.map(({ place, why }) => ({ place: placeText(place), why: whyView(why) })),
})

export const refusedText = (refused: readonly Refused[]): string =>
  refused.map(({ place, why }) => `${placeText(place)}: ${inEnglish(why)}`).join('\n')

const listed = <T>(things: readonly T[], lineOf: (thing: T) => string): string[] => {
  const lines = things.slice(0, LISTED).map(lineOf)
  return things.length > LISTED ? [...lines, `  … and ${things.length - LISTED} more (--json lists all)`] : lines
}

const itemLines = (items: readonly PreparedItem[]): string[] => {
  const groups = Map.groupBy(items, ({ object, did }) => `${object} ${did}`)
  return [...groups.values()].flatMap((those) => {
    const width = Math.min(40, Math.max(...those.slice(0, LISTED).map(({ name }) => name.length)))
    return listed(those, ({ object, name, did, place, notes }) => {
      const said = notes.map((note) => `\n      ${inEnglish(note)}`).join('')
      return `  ${MARKS[did]} ${object.padEnd(8)} ${name.padEnd(width)}  ${placeText(place)}${said}`
    })
  })
}

const leftLines = (left: readonly Left[]): string[] =>
  listed(left, ({ what, place, why }) => `  ${what}  ${placeText(place)}\n      ${inEnglish(why)}`)

const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [title, ...lines])

const countOf = (items: readonly PreparedItem[], did: PreparedItem['did']): number =>
  items.filter((item) => item.did === did).length

/** The plan as lines; `histories` is known once it is stored. */
export const importLines = (
  { items, left, remarks, surplus, down }: Prepared,
  applied: boolean,
  prune: boolean,
  histories?: number,
): string[] => {
  const [created, changed, same] = (['created', 'changed', 'same'] as const).map((did) => countOf(items, did))
  const counts = applied
    ? `Created ${created}, changed ${changed}, already there ${same}, left out ${left.length}.`
    : `To create ${created}, to change ${changed}, already there ${same}, left out ${left.length}.`
  const removed = prune && surplus.length > 0 ? ` ${applied ? 'Removed' : 'To remove'} ${surplus.length}.` : ''
  const history = histories ? ` History of ${histories} monitors.` : ''
  return [
    ...itemLines(items),
    ...section(
      prune ? 'No longer in the source, removed:' : 'No longer in the source (--prune removes them):',
      listed(surplus, ({ object, name }) => `  - ${object.padEnd(8)} ${name}`),
    ),
    ...section(
      'Down there, and people know of it: nobody is told again, the end is told.',
      listed(
        down,
        ({ monitor, since, place }) =>
          `  ${monitor}  ${since === null ? 'since when is not known' : `since ${iso(since)}`}  ${placeText(place)}`,
      ),
    ),
    ...section('Left out:', leftLines(left)),
    ...section('To know:', leftLines(remarks)),
    `${counts}${removed}${history}`,
    ...(applied ? [] : ['Nothing is changed yet. With --apply it is.']),
  ]
}
