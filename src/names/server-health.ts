import { because, type Cause } from '#core/cause/cause.ts'
import type { NameServer } from './resolv-conf.ts'
import { keyOf } from './server-key.ts'

/** How it goes with those who are asked for names. Times in ms of the monotonic clock. */
export interface ServerHealth {
  /** A query left for the server at `askedAt` and came to nothing, or to a word that says nothing of the name. */
  failed(server: NameServer, askedAt: number, how: Cause): void
  /** The server answered as it should. */
  answered(server: NameServer): void
  /** Since when a server fails; undefined while it does not. */
  failingSince(server: NameServer): number | undefined
  /** Servers that fail come last, otherwise in the order given. */
  inOrder(servers: readonly NameServer[]): readonly NameServer[]
  /** What the server did last. */
  how(server: NameServer): Cause
  /** True when it answered at or after `since`. */
  answeredSince(server: NameServer, since: number): boolean
  forget(kept: readonly NameServer[]): void
}

interface Standing {
  readonly server: NameServer
  answeredAt: number
  failingSince: number | undefined
  failedAt: number
  how: Cause
}

/** A server that failed is asked first again after so long. */
const AVOIDED_MS = 30_000

export const createServerHealth = (monotonic: () => number): ServerHealth => {
  const standings = new Map<string, Standing>()
  const of = (server: NameServer): Standing => {
    const key = keyOf(server)
    let standing = standings.get(key)
    if (!standing) {
      const never = Number.NEGATIVE_INFINITY
      standing = {
        server,
        answeredAt: never,
        failingSince: undefined,
        failedAt: never,
        how: because('does_not_answer'),
      }
      standings.set(key, standing)
    }
    return standing
  }
  const avoided = (server: NameServer): boolean => {
    const { failingSince, failedAt } = of(server)
    return failingSince !== undefined && monotonic() - failedAt < AVOIDED_MS
  }
  return {
    failed: (server, askedAt, how) => {
      const standing = of(server)
      // It answered somebody since: what failed is no sign of how it does.
      if (standing.answeredAt >= askedAt) return
      standing.failingSince = Math.min(standing.failingSince ?? askedAt, askedAt)
      standing.failedAt = monotonic()
      standing.how = how
    },
    answered: (server) => {
      const standing = of(server)
      standing.answeredAt = monotonic()
      standing.failingSince = undefined
    },
    failingSince: (server) => of(server).failingSince,
    inOrder: (servers) => {
      if (servers.length < 2 || !servers.some(avoided)) return servers
      return [...servers.filter((one) => !avoided(one)), ...servers.filter(avoided)]
    },
    how: (server) => of(server).how,
    answeredSince: (server, since) => of(server).answeredAt >= since,
    forget: (kept) => {
      const keys = new Set(kept.map(keyOf))
      for (const key of standings.keys()) if (!keys.has(key)) standings.delete(key)
    },
  }
}
