import type { ServerResponse } from 'node:http'

/** One thing that happened, in their order. */
export interface Change {
  readonly id: number
  readonly kind: string
  readonly data: object
}

/** Who listens. */
export interface LiveReader {
  /** The newest frame, with the ids of its first and last change. */
  take(frame: Buffer, first: number, last: number): void
  /** Shows that the line still stands; ends it where nothing of what was sent has been read for long. */
  beat(): void
}

/** An event and no comment, so that a page sees it and knows that the line still stands. */
const BEAT = 'event: beat\ndata: {}\n\n'
/** Changes of one frame for who missed something. */
const MOST_CHANGES = 500
/** Who has read nothing for so long comes back with `Last-Event-ID`, or is gone, ms. */
const PATIENCE_MS = 30_000

/** Changes as they are sent; bytes, so that all readers share them. */
export const frameOf = (changes: readonly Change[]): Buffer =>
  Buffer.from(
    `id: ${changes.at(-1)!.id}\nevent: changes\ndata: ${JSON.stringify(changes.map(({ kind, data }) => ({ kind, ...data })))}\n\n`,
  )

/**
 * Sends what happened after `seen` to one reader, no faster than it reads: nothing is put behind what it has not read
 * yet. What came meanwhile is sent from `recent` as soon as it reads on. `now` is monotonic, ms.
 */
export const createLiveReader = (
  raw: ServerResponse,
  recent: readonly Change[],
  seen: number,
  now = () => performance.now(),
): LiveReader => {
  let told = seen
  let stuckSince: number | undefined

  const write = (bytes: Buffer | string) => {
    if (!raw.write(bytes)) stuckSince ??= now()
  }
  const catchUp = () => {
    stuckSince = undefined
    while (stuckSince === undefined && (recent.at(-1)?.id ?? 0) > told) {
      const from = recent.findIndex(({ id }) => id > told)
      const missed = recent.slice(from, from + MOST_CHANGES)
      told = missed.at(-1)!.id
      write(frameOf(missed))
    }
  }

  raw.on('drain', catchUp)
  catchUp()
  // The first thing that a reader sees is that the line stands.
  if (told === seen) write(BEAT)
  return {
    take: (frame, first, last) => {
      if (stuckSince !== undefined) return
      // Some of it was among what the reader caught up with.
      if (told >= first) return catchUp()
      told = last
      write(frame)
    },
    beat: () => {
      if (stuckSince === undefined) write(BEAT)
      else if (now() - stuckSince > PATIENCE_MS) raw.destroy()
    },
  }
}
