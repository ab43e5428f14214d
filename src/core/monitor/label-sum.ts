import type { Topology } from './topology.ts'

const everything = () => true

/**
 * The sum of a number that monitors carry in a label, over a monitor and those behind it, each taken once: where one of
 * them says it, what stands behind that one is in its number already. Undefined where none of them says it.
 */
export const labelSum = (
  ids: readonly number[],
  numberOf: (id: number) => number,
  { affectedBy, hasChildren }: Pick<Topology, 'affectedBy' | 'hasChildren'>,
): number | undefined => {
  const among = new Set(ids)
  const covered = new Set<number>()
  const topmost: number[] = []
  for (const id of ids) {
    if (covered.has(id) || !(numberOf(id) > 0)) continue
    topmost.push(id)
    if (!hasChildren(id)) continue
    for (const below of affectedBy(id, everything)) if (among.has(below)) covered.add(below)
  }
  const counted = topmost.filter((id) => !covered.has(id))
  return counted.length === 0 ? undefined : counted.reduce((sum, id) => sum + numberOf(id), 0)
}
