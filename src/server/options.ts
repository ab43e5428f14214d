import type { Logger } from 'pino'
import type { Wanted } from '#config/apply.ts'
import type { Language } from '#core/message/message.ts'
import type { LiveBatch } from '#core/result/result-batch.ts'
import type { RetryPolicy } from '#lib/run/retry.ts'
import type { StartPart } from '#lib/thread.ts'
import type { Random } from '#lib/time/chance.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { SteadyClock } from '#lib/time/steady-clock.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { NameFiles } from '#names/name-settings.ts'
import type { KnownMonitor } from '#pipeline/decide/registry.ts'
import type { Storage } from '#storage/index.ts'

export interface ServerOptions {
  readonly dataDir: string
  readonly databaseUrl?: string | undefined
  /** The disk is full: run on what is in memory until there is room. */
  readonly away?: boolean | undefined
  /** Begin with a new database where the old one is lost. */
  readonly newDatabase?: boolean | undefined
  /** What a file or a command line names; absent: what the database holds. */
  readonly wanted?: Wanted | undefined
  /** Of these four, what the file or the command says; absent: what the settings say. */
  readonly language?: Language | undefined
  readonly timeZone?: string | undefined
  readonly region?: string | undefined
  /** Base of links in messages. */
  readonly url?: string | undefined
  /** Absent: no HTTP. */
  readonly listen?: { readonly host: string; readonly port: number } | undefined
  /** Proxies whose X-Forwarded-… headers count. */
  readonly trustedProxies?: readonly string[] | undefined
  /** Where the settings of names stand, for tests; absent: where this system has them. */
  readonly nameFiles?: NameFiles | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly retry?: RetryPolicy | undefined
  /** A steady one over the system's by default. To one that is not steady the engine's is not set. */
  readonly clock?: Clock | SteadyClock | undefined
  /** The system's by default. */
  readonly timers?: Timers | undefined
  readonly random?: Random | undefined
  /**
   * How engine and history are started; absent: each as a thread. For who simulates a whole server, never for users: they
   * run as well in the caller's thread, by the clock and the timers that are handed in.
   */
  readonly startPart?: StartPart | undefined
  readonly log: Logger
  readonly onResults?: (batch: LiveBatch) => void
}

export interface Server {
  /** Where HTTP answers; undefined when it does not. */
  readonly address: string | undefined
  readonly storage: Storage
  monitors(): readonly KnownMonitor[]
  /** Takes over a new configuration without losing turns, states or open alerts. */
  reload(wanted: Wanted): Promise<void>
  stop(): Promise<void>
}
