import type { Storage } from '#storage/index.ts'
import type { Registry } from './registry.ts'

export interface EndPausesDeps {
  readonly storage: Pick<Storage, 'transaction'>
  readonly registry: Pick<Registry, 'generation' | 'monitors'>
  /** Puts in force what is stored of monitors. */
  readonly inForce: () => Promise<void>
}

/** Lets monitors go on whose pause has an end, once it has come. Resolves to whether any did. */
export const createEndPauses = ({ storage, registry, inForce }: EndPausesDeps) => {
  let seen = -1
  let ends: readonly { readonly id: number; readonly until: number }[] = []
  return async (now: number): Promise<boolean> => {
    const generation = registry.generation()
    if (generation !== seen) {
      seen = generation
      ends = registry
        .monitors()
        .flatMap(({ monitor: { id, pause } }) => (pause?.until == null ? [] : [{ id, until: pause.until }]))
    }
    const over = ends.filter(({ until }) => until <= now)
    if (over.length === 0) return false
    await storage.transaction(async ({ monitors }) => {
      for (const { id } of over) await monitors.pause(id, false, now)
    })
    await inForce()
    return true
  }
}
