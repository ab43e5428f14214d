import { execFile } from 'node:child_process'
import { isIPv6 } from 'node:net'
import type { PingReply, PingRequest } from '#core/probe.ts'
import { addressBytes, unfitTarget } from './icmp-packet.ts'
import { foreignSource } from './send-errors.ts'

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

  const execute = ({ address, packets, gapMs, timeoutMs, size, ttl, source }: PingRequest, signal: AbortSignal) =>
    new Promise<PingReply>((resolve) => {
      const options = ['-n', '-c', `${packets}`, '-W', `${Math.max(1, Math.ceil(timeoutMs / 1000))}`]
      if (gapMs >= 200) options.push('-i', `${gapMs / 1000}`)
      if (size !== undefined) options.push('-s', `${size}`)
      if (ttl !== undefined) options.push('-t', `${ttl}`)
      if (source !== undefined) options.push('-I', source)
      if (isIPv6(address)) options.unshift('-6')
      const environment = { ...process.env, LC_ALL: 'C' }
      const patience = packets * Math.max(gapMs, 1000) + timeoutMs + 2000
      execFile(
        'ping',
        [...options, address],
        { env: environment, signal, timeout: patience },
        (error, stdout, stderr) => {
          if ((error as NodeJS.ErrnoException | null)?.code === 'ENOENT')
            return resolve({
              rtts: [],
              ownFault: {
                code: 'no_permission',
                message:
                  'this process may not open an ICMP socket, and there is no ping command. Grant CAP_NET_RAW, widen net.ipv4.ping_group_range, or install iputils-ping',
              },
            })
          if (source !== undefined && /cannot assign|bind/i.test(stderr))
            return resolve({ rtts: [], ownFault: foreignSource(source) })
          if (/not permitted|permission denied/i.test(stderr))
            return resolve({
              rtts: [],
              ownFault: { code: 'no_permission', message: 'the ping command may not send: grant it CAP_NET_RAW' },
            })
          const icmpError = unreachable(stdout)
          resolve({ rtts: parsePing(stdout, packets), ...(icmpError && { icmpError }) })
        },
      )
    })

  return (request: PingRequest, signal: AbortSignal): Promise<PingReply> => {
    const target = addressBytes(request.address)
    const unfit = target ? unfitTarget(target) : 'not an address'
    if (unfit) return Promise.resolve({ rtts: [], icmpError: { code: 'bad_address', from: unfit } })
    return place(() => execute(request, signal))
  }
}
