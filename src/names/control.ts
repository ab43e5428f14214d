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
  readonly monotonic: () => number
  readonly health: ServerHealth
  readonly questions: () => Questions
  /** What is in force now. */
  readonly conf: () => ResolvConf
}

const WAIT_MS = 2000
const AGAIN_MS = 5000
/** Every server that looks names up has something to say of it. */
const ROOT: Asked = ['.', 'A']

export const createControl = ({ monotonic, health, questions, conf }: ControlDeps): Control => {
  const last = new Map<string, Asked>()
  const askedAt = new Map<string, number>()
  const underWay = new Set<string>()
  const timers = new Map<string, NodeJS.Timeout>()
  let closed = false

  const again = (server: NameServer) => {
    const key = keyOf(server)
    const stillUsed = conf().servers.some((one) => keyOf(one) === key)
    if (closed || !stillUsed || health.failingSince(server) === undefined || timers.has(key)) return
    const timer = setTimeout(() => {
      timers.delete(key)
      ask(server)
    }, AGAIN_MS).unref()
    timers.set(key, timer)
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
      if (health.failingSince(server) !== undefined && !timers.has(keyOf(server))) ask(server)
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
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}
