import { type Cover, type CoverWindow, createCover, type Family } from '#core/maintenance/cover.ts'

/** Who is in which window at a moment, ms. */
export type WindowOf = <Window extends CoverWindow>(
  monitorId: number,
  windows: readonly Window[],
  now: number,
) => Window | undefined

/** What one cover was made of. */
interface Known {
  readonly windows: readonly CoverWindow[]
  /** Another object when monitors or their places change. */
  readonly of: unknown
  readonly cover: Cover<CoverWindow>
}

const same = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((one, index) => one === others[index])

/**
 * Remembers whom the windows that run match, for every event and every mark asks: until other windows run, or `configured`
 * gives another object.
 */
export const createWindowOf = (family: Family, configured: () => unknown): WindowOf => {
  let known: Known | undefined
  return (id, windows, now) => {
    const running = windows.filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt)
    if (running.length === 0) return undefined
    const of = configured()
    if (!known || known.of !== of || !same(known.windows, running))
      known = { windows: running, of, cover: createCover<CoverWindow>(running, family) }
    return known.cover.at(id, now) as (typeof windows)[number] | undefined
  }
}
