import { defineProbe, type PingReply } from '#core/probe.ts'
import type { ProbeError, ResultMetrics } from '#core/result.ts'
import { parseDuration } from '#lib/duration.ts'
import { Type } from '#lib/schema.ts'
import { resolveHost } from './connect.ts'
import { bare, durationField, familyField, familyOf, hostField, hostOf } from './fields.ts'
import { createTracer } from './tracer.ts'

const DEFAULT_PACKETS = 3
const DEFAULT_GAP_MS = 200

const gapOf = (gap: string | undefined) => (gap === undefined ? DEFAULT_GAP_MS : parseDuration(gap)!)

const round = (value: number) => Math.round(value * 1000) / 1000

/**
 * Figures of a round from its round-trip times in ms, NaN for a lost packet. Jitter is the mean absolute difference of
 * consecutive answers.
 */
export const pingMetrics = (rtts: readonly number[]): ResultMetrics & { readonly average: number } => {
  const answered = rtts.filter((rtt) => !Number.isNaN(rtt))
  const loss = rtts.length === 0 ? 1 : (rtts.length - answered.length) / rtts.length
  if (answered.length === 0) return { loss, average: Number.NaN }
  const sorted = answered.toSorted((a, b) => a - b)
  const differences = answered.slice(1).map((rtt, index) => Math.abs(rtt - answered[index]!))
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  return {
    loss,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    p95: sorted[Math.ceil(sorted.length * 0.95) - 1]!,
    jitter: mean(differences),
    average: mean(answered),
  }
}

const errorOf = (reply: PingReply, packets: number, address: string): ProbeError => {
  if (reply.ownFault) return reply.ownFault
  const lost = `0 of ${packets} pings to ${address} were answered`
  const { icmpError } = reply
  if (!icmpError) return { code: 'timeout', message: lost }
  if (icmpError.code === 'bad_address')
    return { code: 'bad_address', message: `${address} cannot be pinged: it is ${icmpError.from}` }
  const words = icmpError.code === 'time_exceeded' ? 'the time to live ran out' : 'the host is unreachable'
  return { code: icmpError.code, message: `${lost}; ${icmpError.from} says that ${words}` }
}

export const icmp = defineProbe({
  name: 'icmp',
  title: 'ICMP ping',
  defaultTimeoutMs: 1000,
  options: Type.Object(
    {
      host: hostField('Name or address to ping'),
      packets: Type.Optional(
        Type.Integer({
          title: 'Packets',
          description: 'Echo requests per round; up if any is answered',
          minimum: 1,
          maximum: 100,
          default: DEFAULT_PACKETS,
        }),
      ),
      gap: Type.Optional(durationField('Gap', 'Time between the packets of a round, default 200ms')),
      size: Type.Optional(
        Type.Integer({ title: 'Size', description: 'Payload bytes', minimum: 16, maximum: 1400, default: 56 }),
      ),
      family: Type.Optional(familyField),
    },
    { additionalProperties: false },
  ),
  describe: ({ host }) => host,
  fromTarget: (url) =>
    url.protocol === 'icmp:' && url.port === '' && url.hostname !== '' && bare(url) ? { host: hostOf(url) } : undefined,
  hosts: ({ host }) => [host],
  roundMs: ({ packets = DEFAULT_PACKETS, gap }) => (packets - 1) * gapOf(gap),
  run: async ({ host, packets = DEFAULT_PACKETS, gap, size, family }, context) => {
    const tracer = createTracer(context.trace)
    const started = performance.now()
    const found = await resolveHost(host, familyOf(family), context, tracer)
    if ('error' in found) return { ok: false, error: found.error, ...tracer.steps() }
    const address = found.addresses[0]!
    const request = {
      address,
      packets,
      gapMs: gapOf(gap),
      timeoutMs: context.timeoutMs,
      ...(size !== undefined && { size }),
    }
    const reply = await context.tools.ping(request, context.signal)
    const { average, ...metrics } = pingMetrics(reply.rtts)
    const answered = reply.rtts.filter((rtt) => !Number.isNaN(rtt)).length
    const ok = answered > 0
    tracer.step('ping', performance.now() - started, {
      address,
      method: context.tools.pingMethod,
      sent: packets,
      received: answered,
    })
    const facts = { address, sent: packets, received: answered, method: context.tools.pingMethod }
    if (!ok) return { ok, error: errorOf(reply, packets, address), metrics, facts, ...tracer.steps() }
    return { ok, latencyMs: round(average), metrics, facts, ...tracer.steps() }
  },
})
