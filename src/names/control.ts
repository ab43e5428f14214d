import type { Timer } from '#lib/time/timers.ts'
import type { Timing } from '#lib/time/timing.ts'
import type { Questions } from './dns-question.ts'
import type { NameServer, ResolvConf } from './resolv-conf.ts'
import type { ServerHealth } from './server-health.ts'
import { keyOf } from './server-key.ts'

type Asked = readonly [name: string, type: 'A' | 'AAAA']

/**
 * Tells a server that is silent from one that is silent about a name: when a question comes to nothing, it is asked for
 * what it answered last, and for the root. While it fails it is asked again and again, so that its return is noticed.
 */
export interface Control {
  failed(server: NameServer): void
  answered(server: NameServer, name: string, type: 'A' | 'AAAA'): void
  /** When the latest control question left for a server that has not answered since; undefined: none did. */
  askedAt(server: NameServer): number | undefined
  close(): void
}

export interface ControlDeps {
  readonly timing: Timing
  readonly health: ServerHealth
  readonly questions: () => Questions
  /** What is in force now. */
  readonly conf: () => ResolvConf
}

const WAIT_MS = 2000
const AGAIN_MS = 5000
/** Every server that looks names up has something to say of it. */
const ROOT: Asked = ['.', 'A']

export const createControl = ({ timing, health, questions, conf }: ControlDeps): Control => {
  const { monotonic, timers } = timing
  const last = new Map<string, Asked>()
  const askedAt = new Map<string, number>()
  const underWay = new Set<string>()
  const planned = new Map<string, Timer>()
  let closed = false

  const again = (server: NameServer) => {
    const key = keyOf(server)
    const stillUsed = conf().servers.some((one) => keyOf(one) === key)
    if (closed || !stillUsed || health.failingSince(server) === undefined || planned.has(key)) return
    const timer = timers.after(AGAIN_MS, () => {
      planned.delete(key)
      ask(server)
    })
    timer.unref()
    planned.set(key, timer)
  }

  const ask = (server: NameServer) => {
    const key = keyOf(server)
    if (closed || underWay.has(key)) return
    underWay.add(key)
    if (!askedAt.has(key)) askedAt.set(key, monotonic())
    const only = { ...conf(), servers: [server], timeoutMs: WAIT_MS, attempts: 1, rotate: false }
    const known = last.get(key)
    const asked = known ? [known, ROOT] : [ROOT]
    let left = asked.length
    for (const [name, type] of asked)
      questions().ask(name, type, only, () => {
        if (--left > 0) return
        underWay.delete(key)
        again(server)
      })
  }

  return {
    failed: (server) => {
      if (health.failingSince(server) !== undefined && !planned.has(keyOf(server))) ask(server)
    },
    answered: (server, name, type) => {
      const key = keyOf(server)
      askedAt.delete(key)
      // The root is asked for anyway.
      if (name !== '.') last.set(key, [name, type])
    },
    askedAt: (server) => askedAt.get(keyOf(server)),
    close: () => {
      closed = true
      for (const timer of planned.values()) timers.clear(timer)
    },
  }
}
