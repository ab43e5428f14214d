import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { chooseAddress, splitTarget } from './address.ts'
import type { QueryStep, TcpModule } from './module.ts'
import type { BlackboxContext, BlackboxProber } from './prober.ts'
import { failedByRegex, type Recorder } from './recorder.ts'
import { groupsOf } from './regex.ts'
import { recordTls, tlsOptions } from './tls.ts'

/** What a server may say before it says what is expected. */
const LONGEST_TALK = 1024 * 1024

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

/** Lines that the far end sends, one after the other; undefined when there are no more in time. */
const createLines = (socket: Socket, signal: AbortSignal) => {
  let rest = ''
  let taken = 0
  return async (): Promise<string | undefined> => {
    for (;;) {
      const end = rest.indexOf('\n')
      if (end >= 0) {
        const line = rest.slice(0, end).replace(/\r$/, '')
        rest = rest.slice(end + 1)
        return line
      }
      const part = socket.read() as Buffer | null
      if (part === null) {
        // What comes before the end counts as a line too.
        if (socket.readableEnded || (await happened(socket, 'readable', signal)) !== true) {
          const last = rest
          rest = ''
          return last === '' ? undefined : last
        }
        if (socket.readableLength === 0 && socket.readableEnded) continue
        continue
      }
      taken += part.length
      if (taken > LONGEST_TALK) return undefined
      rest += part.toString('latin1')
    }
  }
}

const startTls = async (
  socket: Socket,
  module: TcpModule,
  host: string,
  { signal, hostname }: BlackboxContext,
): Promise<TLSSocket | Error> => {
  const secure = connectTls({ socket, ...tlsOptions(module.tls, host, hostname) })
  const outcome = await happened(secure, 'secureConnect', signal)
  return outcome === true ? secure : outcome
}

const talk = async (
  steps: readonly QueryStep[],
  first: Socket,
  upgrade: (socket: Socket) => Promise<TLSSocket | Error>,
  signal: AbortSignal,
  recorder: Recorder,
): Promise<boolean> => {
  let socket = first
  let line = createLines(socket, signal)
  for (const { expect, send, starttls } of steps) {
    recorder.info('Processing query response entry', {})
    let groups: string[] = []
    if (expect !== undefined) {
      let found: string[] | undefined
      for (let text = await line(); text !== undefined; text = await line()) {
        found = groupsOf(expect, text)
        if (found) break
      }
      failedByRegex(recorder, !found)
      if (!found) return recorder.fail('Regexp did not match', { regexp: expect })
      groups = found
    }
    if (send !== undefined && send !== '')
      socket.write(`${send.replace(/\$\{?(\d+)\}?/g, (_, group) => groups[Number(group)] ?? '')}\n`, 'latin1')
    if (starttls) {
      const secure = await upgrade(socket)
      if (secure instanceof Error) return recorder.fail('TLS Handshake (client) failed', { err: secure.message })
      recordTls(secure, recorder)
      socket = secure
      line = createLines(socket, signal)
    }
  }
  return true
}

/** Connects and, where the module says so, talks line by line and over TLS. */
export const probeTcp: BlackboxProber<TcpModule> = async (module, target, context, recorder) => {
  failedByRegex(recorder, false)
  const { host, port } = splitTarget(target)
  if (port === undefined) return recorder.fail('Error splitting target address and port')
  const { tools, signal, timeoutMs } = context
  const chosen = await chooseAddress(host, module, tools, signal, recorder)
  if (!chosen) return false
  if (module.steps.length === 0 && !module.secure) {
    const reply = await tools.connect(chosen.address, port, { timeoutMs, signal })
    return reply.ok || recorder.fail('Error dialing TCP', { err: reply.message })
  }
  const plain = connect({ host: chosen.address, port })
  const sockets: Socket[] = [plain]
  const upgrade = async (socket: Socket) => {
    const secure = await startTls(socket, module, host, context)
    if (!(secure instanceof Error)) sockets.push(secure)
    return secure
  }
  plain.on('error', () => {})
  try {
    const connected = await happened(plain, 'connect', signal)
    if (connected !== true) return recorder.fail('Error dialing TCP', { err: connected.message })
    recorder.info('Successfully dialed')
    if (!module.secure) return await talk(module.steps, plain, upgrade, signal, recorder)
    const secure = await upgrade(plain)
    if (secure instanceof Error) return recorder.fail('Error dialing TCP', { err: secure.message })
    secure.on('error', () => {})
    recordTls(secure, recorder)
    return await talk(module.steps, secure, upgrade, signal, recorder)
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}
