import type { Waiting } from '../message/gather.ts'

/** One that tells what others were to tell. */
export interface Merged {
  readonly by: number
  readonly ids: readonly number[]
}

type Ordered = Pick<Waiting, 'id' | 'alertId' | 'about' | 'attempts'>

/** What of one subject an older episode left behind: it is told by the first message of the newest one. */
const mergedOf = (ofSubject: readonly Ordered[]): Merged | undefined => {
  const newest = ofSubject.at(-1)!.alertId
  const teller = ofSubject.find(({ alertId }) => alertId === newest)!
  const older = ofSubject.filter(({ id }) => id < teller.id)
  return older.some(({ attempts }) => attempts > 0) ? { by: teller.id, ids: older.map(({ id }) => id) } : undefined
}

/**
 * Messages that could not be delivered before a newer episode of the same subject began: what they say is no longer so, and
 * the news must not wait for them. For channels that people read; `waiting` is in the order of the outbox. Pure.
 */
export const overtaken = (waiting: readonly Ordered[]): readonly Merged[] => {
  // Most of what waits waits for the first time: then there is nothing to look for.
  if (!waiting.some(({ attempts }) => attempts > 0)) return []
  const bySubject = Map.groupBy(
    waiting.filter(({ about }) => about !== null),
    ({ about }) => about,
  )
  return [...bySubject.values()].map(mergedOf).filter((one) => one !== undefined)
}

/**
 * What is held of a subject of which something else may leave at once: that tells it as well, for behind what is held it
 * would wait itself. `passes` says what nothing holds. Pure.
 */
export const inTheWay = (
  waiting: readonly (Ordered & Pick<Waiting, 'held'>)[],
  passes: (one: Pick<Waiting, 'severity'>) => boolean,
): readonly Merged[] => {
  const held = waiting.filter((one) => one.held && one.about !== null)
  if (held.length === 0) return []
  const told = new Set<number>()
  const merged: Merged[] = []
  for (const free of waiting) {
    if (free.held || !passes(free as Waiting)) continue
    const ids = held
      .filter(({ about, id }) => about === free.about && id < free.id && !told.has(id))
      .map(({ id }) => id)
    for (const id of ids) told.add(id)
    if (ids.length > 0) merged.push({ by: free.id, ids })
  }
  return merged
}
