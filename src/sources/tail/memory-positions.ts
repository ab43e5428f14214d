import type { FilePosition, FilePositions } from '#core/event/file-position.ts'

/** Remembers positions only as long as the process lives: for a replay, and for tests. */
export const createMemoryPositions = (): FilePositions => {
  const logs = new Map<string, Map<string, FilePosition>>()
  const of = (log: string) => logs.get(log) ?? logs.set(log, new Map()).get(log)!
  return {
    load: async (log) => [...of(log).values()],
    save: async (log, position) => void of(log).set(position.id, position),
    forget: async (log, ids) => {
      for (const id of ids) of(log).delete(id)
    },
  }
}
