import type { Socket } from 'node:net'

/** An unused connection is kept for this long: shorter than most servers keep theirs. */
const KEPT_MS = 4000
/** Of one place; more than leave at once are of no use. */
const MOST_KEPT = 64

interface Idle {
  readonly socket: Socket
  /** Hears whatever comes over it. */
  readonly end: () => void
}

/** Connections that nobody uses at present, by the place that they lead to. None of them keeps the process alive. */
export const createKeptConnections = () => {
  const idle = new Map<string, Idle[]>()

  /** Takes one out; nobody listens to it any more. */
  const remove = (origin: string, { socket, end }: Idle): void => {
    const left = idle.get(origin)?.filter((one) => one.socket !== socket) ?? []
    if (left.length > 0) idle.set(origin, left)
    else idle.delete(origin)
    socket.off('data', end).off('end', end).off('error', end).off('close', end).off('timeout', end).setTimeout(0)
  }

  return {
    /** The one that was used last, for its other side has had the least time to close it. */
    take: (origin: string): Socket | undefined => {
      const last = idle.get(origin)?.at(-1)
      if (!last) return undefined
      remove(origin, last)
      return last.socket.ref()
    },
    /** Keeps one; what comes over it now, were it its end, ends it. */
    give: (origin: string, socket: Socket): void => {
      const kept = idle.get(origin) ?? []
      if (kept.length >= MOST_KEPT) return void socket.destroy()
      const end = () => {
        remove(origin, one)
        socket.destroy()
      }
      const one: Idle = { socket, end }
      idle.set(origin, [...kept, one])
      socket.on('data', end).on('end', end).on('error', end).on('close', end).on('timeout', end)
      socket.setTimeout(KEPT_MS).unref()
    },
  }
}
