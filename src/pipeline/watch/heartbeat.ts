import type { Logger } from 'pino'
import { exchange } from '#channels/http/http-exchange.ts'
import { errorCode } from '#channels/http/network-error.ts'
import type { SendContext } from '#core/channel.ts'
import type { Timers } from '#lib/time/timers.ts'

/** Whom to call, and how often. */
interface WantedHeartbeat {
  readonly url: string
  readonly everyMs: number
}

export interface HeartbeatDeps {
  /** Why the server is not healthy; undefined when probing and delivery are. */
  readonly trouble: () => Promise<string | undefined>
  /** As of SendContext. */
  readonly resolve?: SendContext['resolve']
  readonly timers: Timers
  readonly log: Pick<Logger, 'warn'>
}

export interface Heartbeat {
  /** Calls somebody else, or nobody; the same goes on in its rhythm. */
  set(wanted: WantedHeartbeat | undefined): void
  stop(): void
}

/** How long a call may take: who sends a byte from time to time is not waited for. */
const TIMEOUT_MS = 10_000

/** What of an answer is read: enough to see that it comes from whom it should. */
const LONGEST_ANSWER = 4096

/**
 * What an answer says against the call having been taken; undefined when nothing does. There is no protocol of dead
 * man's switches, but none of them answers with a page, Healthchecks says "OK (not found)" of a check that is gone, and
 * others say `"ok": false`.
 */
const objection = (status: number, body: string): string | undefined => {
  if (status < 200 || status >= 300) return `answered ${status}`
  if (/^\s*<(!doctype|html|head|body)\b/i.test(body))
    return `answered ${status} with a web page: something stands between`
  if (/^OK \(not found\)/i.test(body)) return 'does not know this check'
  return /^\s*\{[^{}]*"ok"\s*:\s*false\b/.test(body) ? 'says that it did not work' : undefined
}

/** Nobody asks how long the parts of a call took. */
const UNTRACED = { steps: [], mark: () => {} }

/** One GET. The URL is a secret (it can stop an alarm), so errors name the host only. */
const call = async (
  url: URL,
  { resolve, timers }: Pick<HeartbeatDeps, 'resolve' | 'timers'>,
): Promise<string | undefined> => {
  const ending = new AbortController()
  const timer = timers.after(TIMEOUT_MS, () => ending.abort())
  const request = { url: url.href, method: 'GET', headers: {}, secrets: [], longestAnswer: LONGEST_ANSWER }
  const reach = { timers, ...(resolve && { resolve }) }
  try {
    const { status, body } = await exchange(url, request, reach, ending.signal, UNTRACED)
    // One that leaves HTTP is none.
    if (status < 200) return `${url.host}: no answer`
    const problem = objection(status, body)
    return problem && `${url.host} ${problem}`
  } catch (error) {
    return `${url.host}: ${ending.signal.aborted ? 'no answer' : errorCode(error) || (error as Error).message}`
  } finally {
    timers.clear(timer)
  }
}

/** Begins to call; returns the stop. */
const beatEvery = ({ url, everyMs }: WantedHeartbeat, deps: HeartbeatDeps): (() => void) => {
  const { trouble, timers, log } = deps
  let told: string | undefined
  let underWay = false
  const beat = async () => {
    const problem = (await trouble()) ?? (await call(new URL(url), deps))
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
  const timer = timers.every(everyMs, beatAgain)
  beatAgain()
  return () => timers.clear(timer)
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
