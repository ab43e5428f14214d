import type { PingReply, PingRequest, ProbeContext, ProbeTools } from '#core/probe.ts'
import { firstOf } from '#lib/net/dial.ts'

interface Pinged {
  readonly ok: boolean
  readonly address: string
  /** The whole round, once its last packet is answered or given up. */
  readonly whole: Promise<PingReply>
}

/** What the packets of one round came to together. */
const joined = (replies: readonly PingReply[]): PingReply => {
  const icmpError = replies.find((one) => one.icmpError)?.icmpError
  const ownFault = replies.find((one) => one.ownFault)?.ownFault
  return {
    rtts: replies.flatMap(({ rtts }) => [...rtts]),
    ...(icmpError && { icmpError }),
    ...(ownFault && { ownFault }),
  }
}

const answered = ({ rtts }: PingReply): boolean => rtts.some((rtt) => !Number.isNaN(rtt))

/** A round whose packets are looks of their own, so that its first answer is known while the others are under way. */
const beginRound = (
  { ping, timers }: ProbeTools,
  request: PingRequest,
  look: AbortSignal,
  turn: AbortSignal,
): Promise<Pinged> => {
  const round = new AbortController()
  const within = AbortSignal.any([look, round.signal])
  const stop = () => round.abort()
  turn.addEventListener('abort', stop, { once: true })
  return new Promise((resolve) => {
    const { address } = request
    const one = async (index: number): Promise<PingReply> => {
      await pause(timers, index * request.gapMs, within)
      if (within.aborted) return { rtts: [Number.NaN] }
      const reply = await ping({ ...request, packets: 1, gapMs: 0 }, within)
      if (answered(reply)) {
        // It goes on to its end, and the others do not.
        turn.removeEventListener('abort', stop)
        resolve({ ok: true, address, whole })
      }
      return reply
    }
    const whole = Promise.all(Array.from({ length: request.packets }, (_, index) => one(index))).then(joined)
    whole.then((reply) => resolve({ ok: answered(reply), address, whole }))
  })
}

const pause = (timers: ProbeTools['timers'], ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (ms === 0 || signal.aborted) return resolve()
    const end = () => {
      timers.clear(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = timers.after(ms, end)
    signal.addEventListener('abort', end, { once: true })
  })

/**
 * A round to that of several addresses which answers first. `requestOf` makes the request for an address and a time-out;
 * one that begins later has less of the look's time.
 */
export const pingSeveral = async (
  addresses: readonly string[],
  requestOf: (address: string, timeoutMs: number) => PingRequest,
  { tools, signal, timeoutMs }: Pick<ProbeContext, 'tools' | 'signal' | 'timeoutMs'>,
): Promise<{ readonly address: string; readonly reply: PingReply }> => {
  const started = performance.now()
  const { address, whole } = await firstOf<Pinged>(addresses, {
    signal,
    timers: tools.timers,
    attempt: (one, turn) =>
      beginRound(tools, requestOf(one, Math.max(1, timeoutMs - (performance.now() - started))), signal, turn),
  })
  return { address, reply: await whole }
}
