import type { ImportView, ItemView, LeftView, RefusedView } from '#operations/import/import-view.ts'

/** What an import would do, or did, as lines for people. */

const MARKS = { created: '+', changed: '~', same: '=' } as const
/** Of many alike so many are listed; `--json` lists all. */
const LISTED = 200

export const refusedText = ({ refused }: RefusedView): string =>
  refused.map(({ place, why }) => `${place}: ${why.message}`).join('\n')

const listed = <T>(things: readonly T[], lineOf: (thing: T) => string): string[] => {
  const lines = things.slice(0, LISTED).map(lineOf)
  return things.length > LISTED ? [...lines, `  … and ${things.length - LISTED} more (--json lists all)`] : lines
}

const itemLines = (items: readonly ItemView[]): string[] => {
  const groups = Map.groupBy(items, ({ object, did }) => `${object} ${did}`)
  return [...groups.values()].flatMap((those) => {
    const width = Math.min(40, Math.max(...those.slice(0, LISTED).map(({ name }) => name.length)))
    return listed(those, ({ object, name, did, place, notes = [] }) => {
      const said = notes.map(({ message }) => `\n      ${message}`).join('')
      return `  ${MARKS[did]} ${object.padEnd(8)} ${name.padEnd(width)}  ${place}${said}`
    })
  })
}

const leftLines = (left: readonly LeftView[]): string[] =>
  listed(left, ({ name, place, why }) => `  ${name}  ${place}\n      ${why.message}`)

const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [title, ...lines])

const countOf = (items: readonly ItemView[], did: ItemView['did']): number =>
  items.filter((item) => item.did === did).length

/** The plan as lines; `histories` is known once it is stored. */
export const importLines = (view: ImportView, histories?: number): string[] => {
  const { applied, items, left, remarks, surplus, removed, down } = view
  const [created, changed, same] = (['created', 'changed', 'same'] as const).map((did) => countOf(items, did))
  const counts = applied
    ? `Created ${created}, changed ${changed}, already there ${same}, left out ${left.length}.`
    : `To create ${created}, to change ${changed}, already there ${same}, left out ${left.length}.`
  const gone = removed.length > 0 ? ` ${applied ? 'Removed' : 'To remove'} ${removed.length}.` : ''
  const history = histories ? ` History of ${histories} monitors.` : ''
  const surplusLine = ({ object, name }: { readonly object: string; readonly name: string }) =>
    `  - ${object.padEnd(8)} ${name}`
  return [
    ...itemLines(items),
    ...section('No longer in the source, removed:', listed(removed, surplusLine)),
    ...section('No longer in the source (--prune removes them):', listed(surplus, surplusLine)),
    ...section(
      'Down there, and people know of it: nobody is told again, the end is told.',
      listed(
        down,
        ({ monitor, since, place }) =>
          `  ${monitor}  ${since === null ? 'since when is not known' : `since ${since}`}  ${place}`,
      ),
    ),
    ...section('Left out:', leftLines(left)),
    ...section('To know:', leftLines(remarks)),
    `${counts}${gone}${history}`,
    ...(applied ? [] : ['Nothing is changed yet. With --apply it is.']),
  ]
}
