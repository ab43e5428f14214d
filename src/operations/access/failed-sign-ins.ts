import type { Timer, Timers } from '#lib/time/timers.ts'
import type { Storage } from '#storage/index.ts'

/** Whoever guesses for hours leaves an entry for each such time, not one for each guess. */
const SUM_MS = 600_000
/** Pairs of account and address that are told apart at once; what is beyond is summed together. */
const MOST = 100

export interface FailedSignIn {
  /** The account, where there is one of that name: what else was typed may be a password. */
  readonly user?: { readonly id: number; readonly name: string } | undefined
  readonly address: string
  readonly reason: 'wrong' | 'locked'
}

interface Tally extends Pick<FailedSignIn, 'user'> {
  readonly address: string | null
  readonly since: number
  failures: number
  locked: number
}

/** Writes failed sign-ins into the audit log: the first of each account and address at once, further ones in sums. */
export const createFailedSignIns = (
  { storage, now, timers }: { readonly storage: Storage; readonly now: () => number; readonly timers: Timers },
  onTrouble: (error: unknown) => void,
) => {
  const tallies = new Map<string, Tally>()
  let timer: Timer | undefined

  const write = async ({ user, address, since, failures, locked }: Tally): Promise<void> => {
    const counts = { failures, ...(locked > 0 && { while_locked: locked }) }
    const span = failures > 1 ? { since: new Date(since).toISOString() } : {}
    const entry = { at: now(), actor: 'nobody', action: 'sign_in_failed', object: 'user', objectId: user?.id ?? null }
    const details = { ...(user && { name: user.name }), ...counts, ...span }
    await storage.transaction(({ audit }) => audit.insert({ ...entry, details, address })).catch(onTrouble)
  }

  const flush = async (): Promise<void> => {
    timers.clear(timer)
    timer = undefined
    const due = [...tallies.values()].filter(({ failures }) => failures > 0)
    tallies.clear()
    for (const tally of due) await write(tally)
  }

  const flushLater = (): Timer => {
    const later = timers.after(SUM_MS, () => void flush())
    later.unref()
    return later
  }

  return {
    note: async ({ user, address, reason }: FailedSignIn): Promise<void> => {
      const locked = reason === 'locked' ? 1 : 0
      const own = `${user?.id ?? ''} ${address}`
      const key = tallies.has(own) || tallies.size < MOST ? own : ''
      const tally = tallies.get(key)
      if (tally) {
        tally.failures++
        tally.locked += locked
        return
      }
      const told = { user, address, since: now() }
      tallies.set(
        key,
        key === own
          ? { ...told, failures: 0, locked: 0 }
          : { ...told, user: undefined, address: null, failures: 1, locked },
      )
      timer ??= flushLater()
      if (key === own) await write({ ...told, failures: 1, locked })
    },
    /** What was summed and not written yet. */
    flush,
  }
}

export type FailedSignIns = ReturnType<typeof createFailedSignIns>
