import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Logger } from 'pino'
import { guardedLookup } from '#channels/http/guarded-lookup.ts'
import { findBy } from '#channels/http/lookup.ts'
import type { SendContext } from '#core/channel.ts'
import { http } from '#lib/net/node-http.ts'
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

/** How long a call may take up to the headers of its answer. */
const TIMEOUT_MS = 10_000

/** What of an answer is read, and for how long: enough to see that it comes from whom it should. */
const LONGEST_ANSWER = 4096
const BODY_PATIENCE_MS = 3000

/** The beginning of the body, as far as it comes in time. */
const beginningOf = (response: IncomingMessage, timers: Timers): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    const patience = timers.after(BODY_PATIENCE_MS, () => response.destroy())
    const done = () => {
      timers.clear(patience)
      resolve(text)
    }
    response.setEncoding('utf8').on('error', done).on('close', done)
    response.on('data', (chunk: string) => {
      text += chunk
      if (text.length >= LONGEST_ANSWER) response.destroy()
    })
  })

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

/** One GET. The URL is a secret (it can stop an alarm), so errors name the host only. */
const call = (
  url: URL,
  { resolve: resolveName, timers }: Pick<HeartbeatDeps, 'resolve' | 'timers'>,
): Promise<string | undefined> =>
  new Promise((resolve) => {
    const send = url.protocol === 'https:' ? httpsRequest : http.request
    const lookup = guardedLookup(url, undefined, findBy(resolveName, AbortSignal.timeout(TIMEOUT_MS)))
    let answered = false
    const request = send(url, { agent: false, lookup }, async (response) => {
      answered = true
      timers.clear(patience)
      const problem = objection(response.statusCode ?? 0, await beginningOf(response, timers))
      resolve(problem && `${url.host} ${problem}`)
    })
    // Of the whole call: who sends a byte from time to time is not waited for.
    const patience = timers.after(TIMEOUT_MS, () => request.destroy(new Error('no answer')))
    request.on('error', (error) => resolve(`${url.host}: ${(error as NodeJS.ErrnoException).code ?? error.message}`))
    request.on('close', () => {
      timers.clear(patience)
      // An answer that leaves HTTP comes neither as a response nor as an error.
      if (!answered) resolve(`${url.host}: no answer`)
    })
    request.end()
  })

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
