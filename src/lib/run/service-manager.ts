import type { Timers } from '../time/timers.ts'
import { type NotifySocket, openNotifySocket } from './notify-socket.ts'

/** What started this process and is to know how it goes: systemd, by sd_notify(3). */
export interface ServiceManager {
  /** It serves from now on. */
  ready(): void
  /** One line for whoever asks how it goes. */
  status(line: string): void
  stopping(): void
}

/** A start may take long: a large database that is migrated. So long it may take from each sign of life on, ms. */
const START_PATIENCE_MS = 120_000
const SIGN_EVERY_MS = 20_000
/** What a busy manager had no room for is told again after so long. */
const AGAIN_MS = 200

/** How often a watchdog wants to hear of this process, ms; undefined where there is none, or it means another process. */
const watchdogMs = ({ WATCHDOG_USEC, WATCHDOG_PID }: NodeJS.ProcessEnv, pid: number): number | undefined => {
  const micros = Number(WATCHDOG_USEC)
  if (!Number.isFinite(micros) || micros <= 0 || (WATCHDOG_PID !== undefined && Number(WATCHDOG_PID) !== pid))
    return undefined
  return Math.max(1, micros / 1000)
}

export interface ServiceManagerDeps {
  /** What names the manager is taken out, so that no program that this one starts speaks in its place. */
  readonly environment: NodeJS.ProcessEnv
  readonly pid: number
  readonly timers: Timers
  /** As `openNotifySocket`. */
  readonly open?: (name: string) => NotifySocket | undefined
}

/**
 * Tells systemd of this process: that it is still starting, that it serves, how it goes, and, as long as the main thread turns,
 * that it is alive. Undefined where nobody wants to know; then nothing is loaded.
 */
export const connectServiceManager = (deps: ServiceManagerDeps): ServiceManager | undefined => {
  const { environment, pid, timers, open = openNotifySocket } = deps
  const { NOTIFY_SOCKET } = environment
  const everyMs = watchdogMs(environment, pid)
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete environment[name]
  const send = NOTIFY_SOCKET ? open(NOTIFY_SOCKET) : undefined
  if (!send) return undefined
  const tell = (message: string): void => {
    if (!send(message)) timers.after(AGAIN_MS, () => tell(message)).unref()
  }
  const stillStarting = () => send(`EXTEND_TIMEOUT_USEC=${START_PATIENCE_MS * 1000}`)
  stillStarting()
  const starting = timers.every(SIGN_EVERY_MS, stillStarting)
  starting.unref()
  return {
    ready: () => {
      timers.clear(starting)
      tell('READY=1')
      if (everyMs === undefined) return
      send('WATCHDOG=1')
      // Twice in each time, as sd_watchdog_enabled(3) advises: one may come late.
      timers.every(everyMs / 2, () => send('WATCHDOG=1')).unref()
    },
    status: (line) => tell(`STATUS=${line.replaceAll('\n', ' ')}`),
    stopping: () => tell('STOPPING=1'),
  }
}
