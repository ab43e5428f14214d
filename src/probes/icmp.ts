import { because, type Cause } from '#core/cause/cause.ts'
import {
  type BeginLook,
  defineProbe,
  type PingRequest,
  type ProbeContext,
  type ProbeRunner,
  type ProbeTools,
  type ReportResult,
  type RoundFault,
} from '#core/probe.ts'
import type { ProbeError, ResultMetrics } from '#core/result/result.ts'
import type { JsonObject } from '#lib/json.ts'
import { Type } from '#lib/schema.ts'
import { parseDuration } from '#lib/time/duration.ts'
import { addressFacts, resolveHost } from './connect.ts'
import {
  bare,
  durationField,
  familyField,
  hostField,
  hostOf,
  hostProblem,
  sourceField,
  sourceProblem,
  versionOf,
} from './fields.ts'
import { pingSeveral } from './ping-several.ts'
import { createSlotRequests, type HostOptions } from './slot-requests.ts'
import { createTracer } from './tracer.ts'

const DEFAULT_PACKETS = 3
const DEFAULT_GAP_MS = 200

const gapOf = (gap: string | undefined) => (gap === undefined ? DEFAULT_GAP_MS : parseDuration(gap)!)

const round = (value: number) => Math.round(value * 1000) / 1000

/** Of one packet nothing but its loss is known beyond its time: no object is made for it. */
const NO_LOSS: ResultMetrics = { loss: 0 }
const ALL_LOST: ResultMetrics = { loss: 1 }
const UNKNOWN_LOSS: ResultMetrics = {}

/** Answered times in order of sending, then sorted; used again for each round. */
const answered = new Float64Array(256)

/**
 * Figures of a round from the first `count` of its round-trip times in ms, NaN for a lost packet. Jitter is the mean
 * absolute difference of consecutive answers.
 */
export const pingMetrics = (
  rtts: ArrayLike<number>,
  count: number = rtts.length,
): { readonly average: number; readonly metrics: ResultMetrics } => {
  let received = 0
  let sum = 0
  let differences = 0
  for (let packet = 0; packet < count; packet++) {
    const rtt = rtts[packet]!
    if (Number.isNaN(rtt)) continue
    if (received > 0) differences += Math.abs(rtt - answered[received - 1]!)
    answered[received++] = rtt
    sum += rtt
  }
  if (count === 1)
    return received === 0 ? { average: Number.NaN, metrics: ALL_LOST } : { average: sum, metrics: NO_LOSS }
  if (received === 0) return { average: Number.NaN, metrics: { loss: 1, sent: count, rtts } }
  const sorted = answered.subarray(0, received).sort()
  const metrics = {
    loss: (count - received) / count,
    min: sorted[0]!,
    median: (sorted[(received - 1) >> 1]! + sorted[received >> 1]!) / 2,
    max: sorted[received - 1]!,
    p95: sorted[Math.ceil(received * 0.95) - 1]!,
    jitter: received > 1 ? differences / (received - 1) : 0,
    sent: count,
    rtts,
  }
  return { average: sum / received, metrics }
}

/** How the answers of a round of several packets lie, ms. */
const roundFacts = ({ min, median, p95, max, jitter }: ResultMetrics): JsonObject =>
  median === undefined
    ? {}
    : {
        min_ms: round(min!),
        median_ms: round(median),
        p95_ms: round(p95!),
        max_ms: round(max!),
        jitter_ms: round(jitter!),
      }

const causeOf = ({ icmpError }: RoundFault, sent: number, address: string): Cause => {
  if (!icmpError) return because('pings_unanswered', { sent, address })
  const { code, from: router, what } = icmpError
  if (what) return because('not_pingable', { address, what })
  if (router === undefined) return because('pings_unreachable_from_here', { sent, address })
  return because(code === 'time_exceeded' ? 'pings_expired' : 'pings_unreachable', { sent, address, router })
}

const errorOf = (reply: RoundFault, packets: number, address: string): ProbeError =>
  reply.ownFault ?? { code: reply.icmpError?.code ?? 'timeout', cause: causeOf(reply, packets, address) }

const requestOf = (options: PingOptions, address: string, timeoutMs: number): PingRequest => ({
  address,
  packets: options.packets ?? DEFAULT_PACKETS,
  gapMs: gapOf(options.gap),
  timeoutMs,
  ...(options.size !== undefined && { size: options.size }),
  ...(options.source !== undefined && { source: options.source }),
})

interface PingOptions extends HostOptions {
  readonly packets?: number
  readonly gap?: string | undefined
  readonly size?: number | undefined
}

const pinged = async (
  options: PingOptions,
  addresses: readonly string[],
  { tools, signal, timeoutMs }: ProbeContext,
) => {
  const [address = '', ...others] = addresses
  if (others.length === 0) return { address, reply: await tools.ping(requestOf(options, address, timeoutMs), signal) }
  return pingSeveral(addresses, (one, leftMs) => requestOf(options, one, leftMs), { tools, signal, timeoutMs })
}

/** Rounds for thousands of slots: what a slot's options come to is worked out once. A name with several addresses is left to `run`. */
const createIcmpRunner = (
  pingRounds: NonNullable<ProbeTools['pingRounds']>,
  { known }: ProbeTools,
  report: ReportResult,
  begun: BeginLook | undefined,
): ProbeRunner<PingOptions> => {
  const requests = createSlotRequests(known, requestOf)
  const rounds = pingRounds((slot, rtts, count, fault) => {
    const { average, metrics } = pingMetrics(rtts, count)
    if (!Number.isNaN(average))
      // What this machine lost says nothing about the way to the host.
      return report(slot, true, round(average), 'ok', undefined, fault?.ownFault ? UNKNOWN_LOSS : metrics)
    const { packets, address } = requests.last(slot)
    const { code, cause } = errorOf(fault ?? {}, packets, address)
    report(slot, false, Number.NaN, code, cause, metrics)
  }, begun)

  return {
    start: (slot, wanted, timeoutMs) => {
      const request = requests.of(slot, wanted, timeoutMs, 1)
      if (!request) return false
      rounds.start(slot, request)
      return true
    },
    cancel: rounds.cancel,
    close: rounds.close,
  }
}

export const icmp = defineProbe({
  name: 'icmp',
  title: 'ICMP ping',
  'x-es': { title: 'Ping ICMP' },
  defaultTimeoutMs: 1000,
  options: Type.Object(
    {
      host: hostField('Name or address to ping', 'Nombre o dirección a la que hacer ping'),
      packets: Type.Optional(
        Type.Integer({
          title: 'Packets',
          description: 'Echo requests per round; up if any is answered',
          'x-es': { title: 'Paquetes', description: 'Pedidos de eco por ronda; operativo si alguno se responde' },
          minimum: 1,
          maximum: 100,
          default: DEFAULT_PACKETS,
        }),
      ),
      gap: Type.Optional(
        durationField({
          title: 'Gap',
          description: 'Time between the packets of a round, default 200ms',
          'x-es': { title: 'Separación', description: 'Tiempo entre los paquetes de una ronda, 200ms si no se indica' },
        }),
      ),
      size: Type.Optional(
        Type.Integer({
          title: 'Size',
          description: 'Payload bytes',
          'x-es': { title: 'Tamaño', description: 'Bytes de datos' },
          minimum: 16,
          maximum: 1400,
          default: 56,
        }),
      ),
      family: Type.Optional(familyField),
      source: Type.Optional(sourceField),
    },
    { additionalProperties: false },
  ),
  describe: ({ host }) => host,
  check: (options) => hostProblem(options) ?? sourceProblem(options),
  fromTarget: (url) =>
    url.protocol === 'icmp:' && url.port === '' && url.hostname !== '' && bare(url) ? { host: hostOf(url) } : undefined,
  hosts: ({ host }) => [host],
  roundMs: ({ packets = DEFAULT_PACKETS, gap }) => (packets - 1) * gapOf(gap),
  run: async (options, context) => {
    const { host, packets = DEFAULT_PACKETS } = options
    const tracer = createTracer(context.trace)
    const started = performance.now()
    const resolved = await resolveHost(host, versionOf(options), context, tracer)
    if (!resolved.ok) return { ok: false, error: resolved.problem, ...tracer.steps() }
    const found = resolved.value
    const { address, reply } = await pinged(options, found.addresses, context)
    const { average, metrics: measured } = pingMetrics(reply.rtts)
    const metrics = reply.ownFault ? UNKNOWN_LOSS : measured
    const received = reply.rtts.filter((rtt) => !Number.isNaN(rtt)).length
    const ok = received > 0
    tracer.step('ping', performance.now() - started, {
      address,
      method: context.tools.pingMethod,
      sent: packets,
      received,
    })
    const facts = { address, ...addressFacts(found), sent: packets, received, method: context.tools.pingMethod }
    if (!ok) return { ok, error: errorOf(reply, packets, address), metrics, facts, ...tracer.steps() }
    return { ok, latencyMs: round(average), metrics, facts: { ...facts, ...roundFacts(metrics) }, ...tracer.steps() }
  },
  together: 512,
  createRunner: (tools, report, begun) => tools.pingRounds && createIcmpRunner(tools.pingRounds, tools, report, begun),
})
