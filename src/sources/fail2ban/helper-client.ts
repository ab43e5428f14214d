import { createConnection } from 'node:net'
import type { BanAnswer, BanClient, BanFault } from '#core/ban/ban-client.ts'
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

const FAULTS: Readonly<Record<string, readonly [BanFault, string]>> = {
  ENOENT: ['absent', 'there is none. Install it with: vigia service install --bans'],
  EACCES: ['no_permission', 'this user may not ask it. Its socket belongs to the group of the service'],
  ECONNREFUSED: ['not_running', 'nobody listens there. Start it with: systemctl start vigia-bans.socket'],
}

const fail = (fault: BanFault, message: string): BanAnswer<never> => ({ ok: false, fault, message })

const isAnswer = (value: unknown): value is BanAnswer<never> =>
  typeof value === 'object' && value !== null && typeof (value as { ok?: unknown }).ok === 'boolean'

const read = (text: string): BanAnswer<never> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return isAnswer(value) ? value : undefined
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
      const patience = timers.after(timeoutMs, () =>
        end(fail('timeout', `The helper at ${path} did not answer in time.`)),
      )
      socket.setEncoding('utf8')
      socket.on('error', ({ code, message }: NodeJS.ErrnoException) => {
        const [fault, why] = FAULTS[code ?? ''] ?? (['refused', message] as const)
        end(fail(fault, `The helper for bans at ${path}: ${why}.`))
      })
      socket.on('data', (part: string) => {
        text += part
        if (text.length > LONGEST_ANSWER) end(fail('refused', `The helper at ${path} answered more than anybody bans.`))
      })
      socket.on('end', () =>
        end(read(text) ?? fail('refused', `The helper at ${path} answered nothing that is an answer.`)),
      )
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
