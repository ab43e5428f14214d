import { createConnection } from 'node:net'
import type { BanAnswer, BanClient, BanFault } from '#core/ban/ban-client.ts'
import { because, type Cause, type CauseCode } from '#core/cause/cause.ts'
import { own } from '#lib/own.ts'
import { systemTimers, type Timers } from '#lib/time/timers.ts'
import type { HelperRequest } from './helper-answer.ts'

export interface HelperClientOptions {
  /** The helper's socket. */
  readonly path: string
  readonly timeoutMs?: number
  readonly timers?: Timers
}

/** A helper asks fail2ban's own client, which may take five seconds, and is started for each question. */
const TIMEOUT_MS = 15_000
const LONGEST_ANSWER = 16 << 20

const FAULTS = {
  ENOENT: ['absent', 'ban_helper_missing'],
  EACCES: ['no_permission', 'ban_helper_forbidden'],
  ECONNREFUSED: ['not_running', 'ban_helper_not_running'],
} as const satisfies Readonly<Record<string, readonly [BanFault, CauseCode]>>

const fail = (fault: BanFault, why: Cause): BanAnswer<never> => ({ ok: false, fault, why })

/** An older helper says what is wrong in English alone. */
interface Wire {
  readonly ok: boolean
  readonly fault?: BanFault
  readonly message?: string
  readonly why?: Cause
}

const isWire = (value: unknown): value is Wire =>
  typeof value === 'object' && value !== null && typeof (value as { ok?: unknown }).ok === 'boolean'

const read = (text: string): BanAnswer<never> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    if (!isWire(value)) return undefined
    if (value.ok) return value as BanAnswer<never>
    const { fault = 'refused', message = '', why = because('as_said', { words: message }) } = value
    return fail(fault, why)
  } catch {
    return undefined
  }
}

/** fail2ban by way of a helper that has the right to ask it, one connection for each question: see `answerHelper`. */
export const createHelperClient = (options: HelperClientOptions): BanClient => {
  const { path, timeoutMs = TIMEOUT_MS, timers = systemTimers } = options

  const ask = <T>(request: HelperRequest): Promise<BanAnswer<T>> =>
    new Promise((resolve) => {
      const socket = createConnection({ path })
      let text = ''
      const end = (answer: BanAnswer<never>) => {
        timers.clear(patience)
        socket.destroy()
        resolve(answer)
      }
      const patience = timers.after(timeoutMs, () => end(fail('timeout', because('ban_helper_unanswered', { path }))))
      socket.setEncoding('utf8')
      socket.on('error', ({ code, message }: NodeJS.ErrnoException) => {
        const known = own<(typeof FAULTS)[keyof typeof FAULTS]>(FAULTS, code ?? '')
        end(
          known
            ? fail(known[0], because(known[1], { path }))
            : fail('refused', because('ban_helper_failed', { path, error: message })),
        )
      })
      socket.on('data', (part: string) => {
        text += part
        if (text.length > LONGEST_ANSWER) end(fail('refused', because('ban_helper_answered_too_much', { path })))
      })
      socket.on('end', () => end(read(text) ?? fail('refused', because('ban_helper_answered_nothing', { path }))))
      socket.end(`${JSON.stringify(request)}\n`)
    })

  return {
    jails: () => ask({ verb: 'jails' }),
    status: (jail) => ask({ verb: 'status', jail }),
    banned: (jail) => ask({ verb: 'banned', jail }),
    bantime: (jail) => ask({ verb: 'bantime', jail }),
    ban: (jail, ip) => ask({ verb: 'ban', jail, ip }),
    unban: (jail, ip) => ask({ verb: 'unban', jail, ip }),
  }
}
