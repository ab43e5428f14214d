import type { FilePosition, FilePositions } from '#core/event/file-position.ts'

/** Marks a log that has been looked at, even when it was not there yet. */
const SEEN = 'seen'
/** A position whose file is gone is kept for as many further ones: an archive may come back under another name. */
const POSITIONS_KEPT = 400

/** How far the files of one log have been read, in memory and in the store; `key` names the log there. */
export const createKnownPositions = (store: FilePositions, key: string) => {
  let known: Map<string, FilePosition> | undefined

  const keep = async (position: FilePosition) => {
    await store.save(key, position)
    known!.set(position.id, position)
  }

  return {
    all: (): readonly FilePosition[] => [...known!.values()],
    keep,
    /** Somebody else has stored it. */
    note: (position: FilePosition) => void known!.set(position.id, position),

    /** Takes up what the store remembers; a log that was never looked at is begun with `begin`, once. */
    recall: async (begin: () => Promise<void>, mark: FilePosition) => {
      if (known?.has(SEEN)) return
      known = new Map((await store.load(key)).map((position) => [position.id, position]))
      if (known.has(SEEN)) return
      await begin()
      await keep({ ...mark, id: SEEN })
    },

    /** Another file has the inode of what was read before: that one has moved on. */
    release: async (inode: string, but: string) => {
      for (const position of known!.values())
        if (position.inode === inode && position.id !== but) await keep({ ...position, inode: '' })
    },

    /** Forgets the oldest of those whose files are gone, where there are many. */
    prune: async (inSight: ReadonlyMap<string, unknown>) => {
      if (known!.size <= POSITIONS_KEPT) return
      const gone = [...known!.values()].filter(({ id, inode }) => id !== SEEN && !inSight.has(inode))
      const ids = gone.slice(0, known!.size - POSITIONS_KEPT).map(({ id }) => id)
      await store.forget(key, ids)
      for (const id of ids) known!.delete(id)
    },
  }
}
