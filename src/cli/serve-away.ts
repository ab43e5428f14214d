import type { Logger } from 'pino'
import type { Wanted } from '#config/apply.ts'
import { createTurns } from '#lib/run/turns.ts'
import { systemTimers, type Timer } from '#lib/time/timers.ts'
import { StorageError } from '#storage/storage-error.ts'
import { type Server, type ServerOptions, startServer } from '../main.ts'

/** A server, whichever life of it runs at present. */
export interface Serving {
  current(): Server
  reload(wanted: Wanted): Promise<void>
  stop(): Promise<void>
}

const LOOK_EVERY_MS = 5000

const isFull = (error: unknown): boolean => error instanceof StorageError && error.fault === 'full'

/**
 * Starts a server, on a full disk too: it watches and tells from what it can read, in memory, and begins a new life on the
 * disk as soon as there is room, with all that was decided meanwhile. `onFatal` hears of a life that could not begin.
 */
export const startServing = async (
  options: ServerOptions & { readonly log: Logger },
  onFatal: (error: unknown) => void,
): Promise<Serving> => {
  const { log, timers = systemTimers } = options
  const inTurn = createTurns()
  let { wanted } = options
  let look: Timer | undefined
  let stopped = false

  const start = async (): Promise<Server> => {
    try {
      return await startServer({ ...options, wanted })
    } catch (error) {
      if (!isFull(error)) throw error
      log.error({ reason: (error as Error).message }, 'the disk is full; starting without it')
      const server = await startServer({ ...options, wanted, away: true })
      lookSoon()
      return server
    }
  }

  const returnToDisk = async () => {
    if (stopped) return
    if (!server.storage.away?.hasRoom()) return lookSoon()
    log.info('there is room on the disk again: what was decided meanwhile is written')
    await server.stop()
    server = await start()
    if (server.storage.away === undefined) log.info({ address: server.address }, 'the store is on the disk again')
  }
  const lookSoon = () => {
    timers.clear(look)
    look = timers.after(LOOK_EVERY_MS, () => void inTurn(returnToDisk).catch(onFatal))
  }

  let server = await start()
  return {
    current: () => server,
    reload: (next) =>
      inTurn(async () => {
        await server.reload(next)
        wanted = next
      }),
    stop: () =>
      inTurn(async () => {
        stopped = true
        timers.clear(look)
        await server.stop()
      }),
  }
}
