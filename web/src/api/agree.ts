import type { QueryClient } from '@tanstack/react-query'
import { api } from './client.ts'
import type { Monitor } from './types.ts'

const NAMES = ['up', 'degraded', 'down', 'unknown', 'paused', 'cut_off'] as const
type Sums = Readonly<Record<(typeof NAMES)[number], number>>

/** Monitors counted as the server counts them: those that are cut off are among those that are down. */
export const sumsOf = (monitors: readonly Pick<Monitor, 'state' | 'paused' | 'cut_off_by'>[]): Sums => {
  const sums = { up: 0, degraded: 0, down: 0, unknown: 0, paused: 0, cut_off: 0 }
  for (const { state, paused, cut_off_by: by } of monitors) {
    sums[paused ? 'paused' : state]++
    if (!paused && state === 'down' && by) sums.cut_off++
  }
  return sums
}

/** Something may change between the moment when the list was made and that when it is here, or the first live update comes. */
const LOOK_AFTER_MS = 2000
/** Of a list that changes all the time none is ever what the server knows a moment later. */
const LOOKS = 3

/** Looks whether the list of monitors is what the server knows, once it has come; asks for it again where it is not. */
export const agreeSoon = (client: QueryClient, looks = LOOKS): void => {
  setTimeout(() => {
    if (client.isFetching({ queryKey: ['monitors'] }) > 0) return agreeSoon(client, looks)
    const monitors = client.getQueryData<readonly Monitor[]>(['monitors'])
    if (!monitors || monitors.length === 0) return
    api
      .get<{ readonly items: readonly Sums[] }>('/monitors/summary')
      .then(({ items: [known] }) => {
        const sums = sumsOf(client.getQueryData<readonly Monitor[]>(['monitors']) ?? [])
        if (!known || NAMES.every((name) => sums[name] === known[name])) return
        void client.invalidateQueries({ queryKey: ['monitors'] })
        if (looks > 1) agreeSoon(client, looks - 1)
      })
      // Whoever shows the list says what keeps it from coming.
      .catch(() => {})
  }, LOOK_AFTER_MS)
}
