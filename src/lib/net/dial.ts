import { connect, isIPv6, type Socket } from 'node:net'
import type { Timer, Timers } from '../time/timers.ts'
import { meetsItself } from './meets-itself.ts'

/** How long an attempt runs alone before the next address is tried beside it (RFC 8305, 5). */
const NEXT_AFTER_MS = 250
/** Addresses of one name that are tried in one look. */
const MOST_TRIED = 6

/** Addresses in the order of RFC 8305, 4: the versions in turn, beginning with that of the first, so that one dead version costs one attempt. */
export const inTurn = (addresses: readonly string[]): readonly string[] => {
  if (addresses.length < 2) return addresses
  const six = isIPv6(addresses[0]!)
  const [preferred, others] = [
    addresses.filter((one) => isIPv6(one) === six),
    addresses.filter((one) => isIPv6(one) !== six),
  ]
  return preferred
    .flatMap((one, index) => (index < others.length ? [one, others[index]!] : [one]))
    .concat(others.slice(preferred.length))
}

interface Attempts<Reply> {
  readonly signal: AbortSignal
  readonly timers: Pick<Timers, 'after' | 'clear'>
  /** Tries one address; never rejects. Ends soon once its signal is aborted. */
  readonly attempt: (address: string, signal: AbortSignal) => Promise<Reply>
  /** True where a failure says something of the host; one of this machine's own, no route for one version, waits behind it. */
  readonly tells?: (reply: Reply) => boolean
  /** Closes what an attempt won that came second. */
  readonly discard?: (reply: Reply) => void
  /** How long an attempt runs before the next begins beside it, ms. */
  readonly nextAfterMs?: number
}

/**
 * Tries the addresses of a name as RFC 8305 says: one after the other, each as soon as the one before has failed or has
 * kept silent for a while, and those before go on meanwhile: the first that succeeds is taken. Where none does, the
 * reply that came last says why, of those that tell something of the host.
 */
export const firstOf = <Reply extends { readonly ok: boolean }>(
  addresses: readonly string[],
  { signal, timers, attempt, tells = () => true, discard = () => {}, nextAfterMs = NEXT_AFTER_MS }: Attempts<Reply>,
): Promise<Reply> => {
  // What is given up already ends with its first attempt: nobody would hear of any.
  if (addresses.length === 1 || signal.aborted) return attempt(addresses[0]!, signal)
  const waiting = inTurn(addresses).slice(0, MOST_TRIED)
  const controller = new AbortController()
  const within = AbortSignal.any([signal, controller.signal])
  return new Promise((resolve) => {
    let running = 0
    let over = false
    let lost: Reply | undefined
    let timer: Timer | undefined
    const next = () => {
      timers.clear(timer)
      const address = within.aborted ? undefined : waiting.shift()
      if (address === undefined) return
      running++
      if (waiting.length > 0) timer = timers.after(nextAfterMs, next)
      attempt(address, within).then(hear)
    }
    const hear = (reply: Reply) => {
      running--
      if (over) return reply.ok ? discard(reply) : undefined
      if (!reply.ok) {
        if (!lost || tells(reply) || !tells(lost)) lost = reply
        next()
        if (running > 0) return
      }
      over = true
      timers.clear(timer)
      controller.abort()
      resolve(reply.ok ? reply : lost!)
    }
    next()
  })
}

export type Dialed =
  | { readonly ok: true; readonly socket: Socket; readonly address: string }
  | { readonly ok: false; readonly error: NodeJS.ErrnoException; readonly address: string }

const open = (address: string, port: number, signal: AbortSignal): Promise<Dialed> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true })
    const end = (dialed: Dialed) => {
      signal.removeEventListener('abort', abort)
      resolve(dialed)
    }
    const abort = () => {
      socket.destroy()
      end({ ok: false, error: new Error('aborted'), address })
    }
    socket.once('connect', () => {
      if (!meetsItself(socket)) return end({ ok: true, socket, address })
      socket.resetAndDestroy()
      end({ ok: false, error: Object.assign(new Error('it met itself'), { code: 'ECONNREFUSED' }), address })
    })
    // It stays: an error that comes later is heard by whoever reads.
    socket.on('error', (error) => end({ ok: false, error, address }))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })

/** What the system says of this machine alone. */
const OWN = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'ENETDOWN', 'EACCES', 'EPERM', 'EINVAL', 'EAFNOSUPPORT'])

/** A connection to the first of these addresses that takes it. */
export const dial = (
  addresses: readonly string[],
  port: number,
  timers: Pick<Timers, 'after' | 'clear'>,
  signal: AbortSignal,
): Promise<Dialed> =>
  firstOf(addresses, {
    signal,
    timers,
    attempt: (address, within) => open(address, port, within),
    tells: (dialed) => dialed.ok || !OWN.has(dialed.error.code ?? ''),
    discard: (dialed) => dialed.ok && dialed.socket.destroy(),
  })
