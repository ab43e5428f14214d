import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { meetsItself } from '#lib/net/meets-itself.ts'
import { chooseAddress, LAST_PORT, splitTarget } from './address.ts'
import { expand } from './expand.ts'
import type { TcpModule } from './module.ts'
import type { BlackboxContext, BlackboxProber } from './prober.ts'
import { failedByRegex, type Recorder } from './recorder.ts'
import { type Found, findIn } from './regex.ts'
import { recordTls, tlsOptions } from './tls.ts'

/** Bytes of one line; a longer one is an error. */
const LONGEST_LINE = 64 * 1024
const LF = 10
const CR = 13

/** Waits for an event of a socket; undefined when it broke or the time was up. */
const happened = (socket: Socket, event: string, signal: AbortSignal): Promise<true | Error> =>
  new Promise((resolve) => {
    const end = (outcome: true | Error) => {
      socket.off(event, good).off('error', end).off('close', closed)
      signal.removeEventListener('abort', late)
      resolve(outcome)
    }
    const good = () => end(true)
    const closed = () => end(new Error('connection closed'))
    const late = () => end(new Error('timeout'))
    socket.once(event, good).once('error', end).once('close', closed)
    if (signal.aborted) late()
    else signal.addEventListener('abort', late, { once: true })
  })

/** Lines that the far end sends, one after the other; undefined at its end, an error where none came in time. */
const createLines = (socket: Socket, signal: AbortSignal) => {
  let rest: Buffer = Buffer.alloc(0)
  const withoutCr = (line: Buffer) => (line.at(-1) === CR ? line.subarray(0, -1) : line)
  return async (): Promise<Buffer | undefined | Error> => {
    for (;;) {
      const end = rest.indexOf(LF)
      if (end >= LONGEST_LINE || (end < 0 && rest.length >= LONGEST_LINE)) return new Error('too long a line')
      if (end >= 0) {
        const line = withoutCr(rest.subarray(0, end))
        rest = rest.subarray(end + 1)
        return line
      }
      const part = socket.read() as Buffer | null
      if (part === null) {
        const more = socket.readableEnded ? undefined : await happened(socket, 'readable', signal)
        if (more === true) continue
        if (more && !socket.readableEnded) return more
        // What comes before the end counts as a line too.
        const last = withoutCr(rest)
        const whole = rest.length
        rest = Buffer.alloc(0)
        return whole === 0 ? undefined : last
      }
      rest = rest.length === 0 ? part : Buffer.concat([rest, part])
    }
  }
}

/** The TLS connection on top of a socket, or, without one, a new one to the place. */
const secured = async (
  below: { readonly socket: Socket } | { readonly host: string; readonly port: number },
  { tls }: TcpModule,
  host: string,
  { signal, hostname }: BlackboxContext,
): Promise<{ readonly socket: TLSSocket; readonly problem?: string }> => {
  const socket = connectTls({ ...below, ...tlsOptions(tls, host, hostname) })
  socket.on('error', () => {})
  const outcome = await happened(socket, 'secureConnect', signal)
  return outcome === true ? { socket } : { socket, problem: outcome.message }
}

/** What is found in the first line that matches; undefined when the far end ends without one. */
const heard = async (line: ReturnType<typeof createLines>, expect: string): Promise<Found | undefined | Error> => {
  for (let bytes = await line(); bytes !== undefined; bytes = await line()) {
    if (bytes instanceof Error) return bytes
    const found = findIn(expect, bytes)
    if (found) return found
  }
  return undefined
}

/** Goes through the steps: what they hear, what they say, and TLS from a step on. */
const talk = async (
  { steps, tls }: TcpModule,
  first: Socket,
  upgrade: (socket: Socket) => ReturnType<typeof secured>,
  signal: AbortSignal,
  recorder: Recorder,
): Promise<boolean> => {
  let socket = first
  let line = createLines(socket, signal)
  for (const { expect, send, starttls } of steps) {
    recorder.info('Processing query response entry')
    let sent = Buffer.from(send ?? '')
    if (expect !== undefined) {
      const found = await heard(line, expect)
      if (found instanceof Error) return recorder.fail('Error reading from connection', { err: found.message })
      failedByRegex(recorder, !found)
      if (!found) return recorder.fail('Regexp did not match', { regexp: expect })
      sent = expand(send ?? '', found) as Buffer<ArrayBuffer>
    }
    if (sent.length > 0) socket.write(Buffer.concat([sent, Buffer.from('\n')]))
    if (starttls) {
      const { socket: secure, problem } = await upgrade(socket)
      if (problem !== undefined) return recorder.fail('TLS Handshake (client) failed', { err: problem })
      recordTls(secure, tls, recorder)
      socket = secure
      line = createLines(socket, signal)
    }
  }
  return true
}

const from = <Place extends object>(place: Place, { source }: TcpModule) =>
  source === undefined ? place : { ...place, localAddress: source }

/** Connects, in clear or over TLS, and goes through the steps. */
const converse = async (
  module: TcpModule,
  host: string,
  place: { readonly host: string; readonly port: number },
  context: BlackboxContext,
  recorder: Recorder,
): Promise<boolean> => {
  const { signal } = context
  // Only the outermost socket is ever destroyed: one that still carries TLS must not go away beneath it.
  let outermost: Socket
  let problem: string | undefined
  if (module.secure) {
    const made = await secured(from(place, module), module, host, context)
    outermost = made.socket
    problem = made.problem
    if (problem === undefined) recordTls(made.socket, module.tls, recorder)
  } else {
    outermost = connect(from(place, module)).on('error', () => {})
    const connected = await happened(outermost, 'connect', signal)
    problem = connected === true ? undefined : connected.message
    if (connected === true && meetsItself(outermost)) {
      outermost.resetAndDestroy()
      problem = 'connection refused'
    }
  }
  const upgrade = async (socket: Socket) => {
    const made = await secured({ socket }, module, host, context)
    outermost = made.socket
    return made
  }
  try {
    if (problem !== undefined) return recorder.fail('Error dialing TCP', { err: problem })
    recorder.info('Successfully dialed')
    return await talk(module, outermost, upgrade, signal, recorder)
  } finally {
    outermost.destroy()
  }
}

/** Connects and, where the module says so, talks line by line and over TLS. */
export const probeTcp: BlackboxProber<TcpModule> = async (module, target, context, recorder) => {
  failedByRegex(recorder, false)
  const { host, port } = splitTarget(target)
  if (port === undefined) return recorder.fail('Error splitting target address and port')
  const { tools, signal, timeoutMs } = context
  const chosen = await chooseAddress(host, module, tools, signal, recorder)
  if (!chosen) return false
  if (port > LAST_PORT) return recorder.fail('Error dialing TCP', { err: `invalid port ${port}` })
  const place = { host: chosen.address, port }
  if (module.secure || module.steps.length > 0 || module.source !== undefined)
    return converse(module, host, place, context, recorder)
  const reply = await tools.connect(chosen.address, port, { timeoutMs, signal })
  return reply.ok || recorder.fail('Error dialing TCP', { err: reply.cause })
}
