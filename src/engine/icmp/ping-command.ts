import { isIPv6 } from 'node:net'
import { because, type Cause } from '#core/cause/cause.ts'
import type { PingReply, PingRequest, RoundFault } from '#core/probe.ts'
import type { ErrorCode } from '#core/result/result.ts'
import { runProgram } from '#lib/run/run-program.ts'
import { addressBytes, unfitTarget } from './icmp-packet.ts'
import { foreignSource, sendFault, unfitFault } from './send-errors.ts'

/** Processes at once: each costs a fork. */
const CONCURRENCY = 32

/** Round-trip times in order of sequence number from the output of `ping` (iputils, busybox, BSD). */
export const parsePing = (output: string, packets: number): number[] => {
  const rtts = new Array<number>(packets).fill(Number.NaN)
  const replies = [...output.matchAll(/(?:icmp_)?seq=(\d+).*?time[=<]\s*([\d.]+)\s*ms/g)]
  // busybox and BSD count from 0, iputils from 1.
  const first = replies.some(([, sequence]) => sequence === '0') || /icmp_seq=0/.test(output) ? 0 : 1
  for (const [, sequence, time] of replies) {
    const index = Number(sequence) - (/bytes of data/.test(output) ? 1 : first)
    if (index >= 0 && index < packets && Number.isNaN(rtts[index])) rtts[index] = Number(time)
  }
  return rtts
}

const unreachable = (output: string): PingReply['icmpError'] => {
  const found = /from ([\da-fA-F.:]+)[: ].*?(Unreachable|Time to live exceeded|Time exceeded|Prohibited)/i.exec(output)
  if (!found) return undefined
  return { code: /exceeded/i.test(found[2]!) ? 'time_exceeded' : 'unreachable', from: found[1]!.replace(/:$/, '') }
}

/** The command and its arguments; `timeoutMs` and hops have other letters and units on macOS. */
export const pingCommandOf = (
  { address, packets, gapMs, timeoutMs, size, ttl, source, whole }: PingRequest,
  platform: NodeJS.Platform = process.platform,
): readonly [command: string, args: readonly string[]] => {
  const mac = platform === 'darwin'
  const v6 = isIPv6(address.split('%')[0]!)
  const patience = mac ? Math.ceil(timeoutMs) : Math.max(1, Math.ceil(timeoutMs / 1000))
  const args = ['-n', '-c', `${packets}`, ...(mac && v6 ? [] : ['-W', `${patience}`])]
  // Without a privilege many systems allow no shorter gap.
  if (gapMs >= 200) args.push('-i', `${gapMs / 1000}`)
  if (size !== undefined) args.push('-s', `${size}`)
  if (ttl !== undefined) args.push(mac ? (v6 ? '-h' : '-m') : '-t', `${ttl}`)
  if (source !== undefined) args.push(mac ? '-S' : '-I', source)
  if (whole) args.push(...(mac ? ['-D'] : ['-M', 'do']))
  if (v6 && !mac) args.unshift('-6')
  return [mac && v6 ? 'ping6' : 'ping', [...args, address]]
}

const fault = (code: ErrorCode, cause: Cause): RoundFault => ({ ownFault: { code, cause } })

/** What its words mean (iputils, busybox), where no packet came back. */
const SAYINGS: readonly (readonly [
  words: RegExp,
  fault: (address: string, source: string | undefined) => RoundFault,
])[] = [
  [
    /cannot assign|bind/i,
    (address, source) => (source ? { ownFault: foreignSource(source) } : sendFault('EADDRNOTAVAIL', address)),
  ],
  [
    /not permitted|permission denied|lacking privilege/i,
    () => fault('no_permission', because('ping_command_unprivileged')),
  ],
  [/network (is )?unreachable/i, (address) => sendFault('ENETUNREACH', address)],
  [/network is down/i, (address) => sendFault('ENETDOWN', address)],
  [/no buffer space/i, (address) => sendFault('ENOBUFS', address)],
  [/invalid argument/i, (address) => sendFault('EINVAL', address)],
]

/** How a command ended that found nothing: by what the system says of starting it, else by its own words. */
export const pingFault = (
  failure: { readonly code?: string | number | null | undefined } | null,
  stderr: string,
  { address, source }: Pick<PingRequest, 'address' | 'source'>,
): RoundFault | undefined => {
  const code = failure?.code
  if (code === 'ENOENT') return fault('no_permission', because('no_ping_command'))
  if (code === 'EPERM' || code === 'EACCES') return fault('no_permission', because('ping_command_forbidden'))
  if (code === 'EMFILE' || code === 'ENFILE') return fault('no_descriptors', because('ping_command_without_files'))
  if (typeof code === 'string' && code !== 'ABORT_ERR')
    return fault('internal', because('ping_command_not_started', { error: code }))
  const saying = SAYINGS.find(([words]) => words.test(stderr))
  if (saying) return saying[1](address, source)
  // iputils: 1 says that nothing came back, 2 that it could not even try.
  if (code !== 2) return undefined
  return fault('internal', because('ping_command_failed', { words: stderr.trim().split('\n')[0]! }))
}

/** Pings by the system's command: the last resort, for where no ICMP socket is permitted. */
export const createPingCommand = () => {
  const queue: (() => void)[] = []
  let running = 0

  const place = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= CONCURRENCY) await new Promise<void>((free) => queue.push(free))
    running++
    try {
      return await work()
    } finally {
      running--
      queue.shift()?.()
    }
  }

  const execute = async (request: PingRequest, signal: AbortSignal): Promise<PingReply> => {
    const { packets, gapMs, timeoutMs } = request
    const [command, args] = pingCommandOf(request)
    const timeout = packets * Math.max(gapMs, 1000) + timeoutMs + 2000
    const env = { ...process.env, LC_ALL: 'C' }
    // At an interrupt it writes down what it has heard; any other signal loses that.
    const ending = { killSignal: 'SIGINT', signal, timeout } as const
    const { failure, stdout, stderr } = await runProgram(command, args, { env, ...ending })
    // It waits for whole seconds: what comes after the time-out is lost all the same.
    const all = parsePing(stdout, packets).map((rtt) => (rtt > timeoutMs ? Number.NaN : rtt))
    // Packets that an abort kept from being sent are not lost.
    const rtts = signal.aborted ? all.slice(0, all.findLastIndex((rtt) => !Number.isNaN(rtt)) + 1) : all
    const icmpError = unreachable(stdout)
    const hopLimit = request.hops ? /\b(?:ttl|hlim)=(\d+)/.exec(stdout)?.[1] : undefined
    if (rtts.some((rtt) => !Number.isNaN(rtt)))
      return { rtts, ...(hopLimit !== undefined && { hopLimit: Number(hopLimit) }), ...(icmpError && { icmpError }) }
    const why = icmpError ? { icmpError } : pingFault(failure, stderr, request)
    return { rtts: why?.ownFault ? [] : rtts, ...why }
  }

  return (request: PingRequest, signal: AbortSignal): Promise<PingReply> => {
    const target = addressBytes(request.address)
    const unfit = target ? unfitTarget(target) : because('not_an_address')
    if (unfit) return Promise.resolve({ rtts: [], ...unfitFault(unfit) })
    return place(() => execute(request, signal))
  }
}
