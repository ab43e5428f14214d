import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Logger } from 'pino'

/** Whom to call, and how often. */
export interface WantedHeartbeat {
  readonly url: string
  readonly everyMs: number
}

export interface HeartbeatDeps {
  /** Why the server is not healthy; undefined when probing and delivery are. */
  readonly trouble: () => Promise<string | undefined>
  readonly log: Pick<Logger, 'warn'>
}

export interface Heartbeat {
  /** Calls somebody else, or nobody; the same goes on in its rhythm. */
  set(wanted: WantedHeartbeat | undefined): void
  stop(): void
}

const TIMEOUT_MS = 10_000

/** One GET whose answer is not read. The URL is a secret (it can stop an alarm), so errors name the host only. */
const call = (url: URL): Promise<string | undefined> =>
  new Promise((resolve) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const request = send(url, { timeout: TIMEOUT_MS, agent: false }, (response) => {
      response.resume()
      const status = response.statusCode ?? 0
      resolve(status < 300 ? undefined : `${url.host} answered ${status}`)
    })
    request.on('timeout', () => request.destroy(new Error('no answer')))
    request.on('error', (error) => resolve(`${url.host}: ${(error as NodeJS.ErrnoException).code ?? error.message}`))
    request.end()
  })

/** Begins to call; returns the stop. */
const beatEvery = ({ url, everyMs }: WantedHeartbeat, { trouble, log }: HeartbeatDeps): (() => void) => {
  let told: string | undefined
  let underWay = false
  const beat = async () => {
    const problem = (await trouble()) ?? (await call(new URL(url)))
    if (problem !== told) log.warn(problem === undefined ? 'heartbeat: sent again' : `heartbeat: not sent: ${problem}`)
    told = problem
  }
  /** A call that takes longer than the time between two delays the next one. */
  const beatAgain = () => {
    if (underWay) return
    underWay = true
    beat()
      .catch((error) => log.warn(`heartbeat: ${error}`))
      .finally(() => {
        underWay = false
      })
  }
  const timer = setInterval(beatAgain, everyMs)
  beatAgain()
  return () => clearInterval(timer)
}

/**
 * Calls a dead man's switch while probing and delivery are healthy: whoever waits for the call learns of a server that
 * is gone, and of one that runs but does not do its work.
 */
export const createHeartbeat = (deps: HeartbeatDeps): Heartbeat => {
  let running: { readonly marker: string; readonly stop: () => void } | undefined
  return {
    set: (wanted) => {
      const marker = JSON.stringify(wanted)
      if (marker === running?.marker) return
      running?.stop()
      running = wanted && { marker, stop: beatEvery(wanted, deps) }
    },
    stop: () => running?.stop(),
  }
}
