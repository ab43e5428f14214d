import { because, type Cause } from '#core/cause/cause.ts'
import { own } from '#lib/own.ts'
import { nearest } from '#lib/text/nearest.ts'
import type { ExpandedEntry } from './expand.ts'
import type { ConfigProblem } from './source.ts'

/** Groups of names: a monitor is cut off when any group is all down. */
export type ParentGroups = readonly (readonly string[])[]

/** `[a, b]` is one group, `[[a], [b]]` are two; `{label}` stands for the value of a label. */
export const parentGroups = (
  written: readonly (string | readonly string[])[] | undefined,
  labels: Readonly<Record<string, string>>,
): ParentGroups => {
  const filled = (name: string) => name.replace(/\{([^{}]+)\}/g, (_, label: string) => own(labels, label) ?? '')
  if (!written) return []
  const lists = written.filter((one): one is readonly string[] => Array.isArray(one))
  const flat = written.filter((one): one is string => typeof one === 'string')
  return [...(flat.length > 0 ? [flat] : []), ...lists]
    .map((group) => [...new Set(group.map(filled))].filter((name) => name !== ''))
    .filter((group) => group.length > 0)
}

/** The names on a circle, in its order; undefined where there is none. Each name is walked once. */
const cycleOf = (parents: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined => {
  const done = new Set<string>()
  for (const start of parents.keys()) {
    const path: string[] = []
    const onPath = new Set<string>()
    const stack: { readonly name: string; next: number }[] = [{ name: start, next: 0 }]
    while (stack.length > 0) {
      const top = stack.at(-1)!
      if (top.next === 0) {
        path.push(top.name)
        onPath.add(top.name)
      }
      const above = done.has(top.name) ? undefined : parents.get(top.name)?.[top.next++]
      if (above === undefined) {
        done.add(top.name)
        onPath.delete(top.name)
        path.pop()
        stack.pop()
      } else if (onPath.has(above)) return [...path.slice(path.indexOf(above)), above]
      else if (!done.has(above)) stack.push({ name: above, next: 0 })
    }
  }
  return undefined
}

/** What is wrong with the parents of all monitors together: names that are none, and circles. */
export const parentProblems = (
  monitors: readonly { readonly name: string; readonly parents?: ParentGroups; readonly at: ExpandedEntry }[],
): ConfigProblem[] => {
  const names = monitors.map(({ name }) => name)
  const known = new Set(names)
  const problems: ConfigProblem[] = []
  for (const { name, parents = [], at } of monitors) {
    const tell = (what: Cause) => problems.push(at.source.problem([...at.path, 'parents'], what))
    for (const parent of new Set(parents.flat())) {
      if (parent === name) tell(because('config_parent_of_itself', { name }))
      if (known.has(parent)) continue
      // Thousands of rows may name the same wrong parent, and each search for a near name costs.
      const meant = problems.length < 20 ? nearest(parent, names) : undefined
      tell(
        meant === undefined
          ? because('config_no_parent', { name: parent })
          : because('config_no_parent_meant', { name: parent, meant }),
      )
    }
  }
  if (problems.length > 0) return problems
  const cycle = cycleOf(new Map(monitors.map(({ name, parents = [] }) => [name, parents.flat()])))
  if (!cycle) return []
  const { at } = monitors.find(({ name }) => name === cycle[0])!
  return [at.source.problem([...at.path, 'parents'], because('config_parents_circle', { names: cycle.join(' -> ') }))]
}
