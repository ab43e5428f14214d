import { isIP, type Socket } from 'node:net'
import { createSecureContext, type SecureContext, connect as tlsConnect } from 'node:tls'
import type { SendContext } from '#core/channel.ts'
import { dial } from '#lib/net/dial.ts'
import { wireName } from '#lib/net/wire-name.ts'
import { lazily } from '#lib/run/lazily.ts'
import type { Steps } from '../text/outcome.ts'
import { checkLiteral, guardedLookup } from './guarded-lookup.ts'
import { findBy } from './lookup.ts'

/** What stands between a name and a connection to it, and what waits. */
export type Reach = Pick<SendContext, 'guard' | 'resolve' | 'timers'>

/** One for all: reading the authorities anew for each connection would cost more than the handshake. */
const context = lazily((): SecureContext => createSecureContext())

const stopped = () => new Error('stopped')

/** Rejects as soon as the signal aborts. */
const until = <Value>(
  signal: AbortSignal,
  begin: (end: (value: Value) => void, fail: (error: Error) => void) => void,
) =>
  new Promise<Value>((resolve, reject) => {
    const abort = () => reject(stopped())
    const over = () => signal.removeEventListener('abort', abort)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    begin(
      (value) => {
        over()
        resolve(value)
      },
      (error) => {
        over()
        reject(error)
      },
    )
  })

const addressesOf = (url: URL, host: string, { guard, resolve }: Reach, signal: AbortSignal) =>
  until<readonly string[]>(signal, (end, fail) =>
    guardedLookup(url, guard, findBy(resolve, signal))(host, { all: true }, (error, found) =>
      error ? fail(error) : end((found as { address: string }[]).map(({ address }) => address)),
    ),
  )

const secure = (below: Socket, host: string, signal: AbortSignal): Promise<Socket> => {
  const servername = isIP(host) === 0 ? wireName(host) : ''
  const socket = tlsConnect({ socket: below, host, servername, secureContext: context(), ALPNProtocols: ['http/1.1'] })
  const shaken = until<Socket>(signal, (end, fail) => {
    // The second stays: an error that comes later is heard by whoever reads.
    socket.once('secureConnect', () => end(socket)).on('error', fail)
  })
  return shaken.catch((error: Error) => {
    socket.destroy()
    throw error
  })
}

/**
 * A connection to where a URL leads, its addresses tried as RFC 8305 says, each checked by the guard before. Rejects with
 * the system's error or ForbiddenTarget.
 */
export const connectTo = async (url: URL, reach: Reach, signal: AbortSignal, steps: Steps): Promise<Socket> => {
  checkLiteral(url, reach.guard)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isSecure = url.protocol === 'https:'
  let addresses: readonly string[] = [host]
  if (isIP(host) === 0) {
    addresses = await addressesOf(url, host, reach, signal)
    steps.mark('dns', addresses[0] ?? '')
  }
  const dialed = await dial(addresses, Number(url.port || (isSecure ? 443 : 80)), reach.timers, signal)
  if (!dialed.ok) throw dialed.error
  steps.mark('connect', dialed.address)
  if (!isSecure) return dialed.socket
  const socket = await secure(dialed.socket, host, signal)
  steps.mark('tls')
  return socket
}
