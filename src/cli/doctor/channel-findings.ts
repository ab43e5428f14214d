import { channelTypes } from '#channels/index.ts'
import type { WantedChannel } from '#config/load.ts'
import type { DeliveryOutcome, SendContext } from '#core/channel.ts'
import type { ProbeTools } from '#core/probe.ts'
import type { Finding } from '#engine/finding.ts'
import { systemClock } from '#lib/time/clock.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { probeTypes } from '#probes/index.ts'
import { deliveryOutcomeView } from '#templates/delivery-outcome-view.ts'
import { inEnglish } from '#templates/said.ts'

const TIMEOUT_MS = 10_000

/** Addresses of the web among the options of a channel, wherever they stand. */
const urlsOf = (value: unknown): readonly URL[] => {
  if (typeof value === 'string') {
    const url = /^https?:\/\//i.test(value) ? URL.parse(value) : null
    return url ? [url] : []
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(urlsOf) : []
}

/** Connects to where a message would go: more cannot be known before one is sent. */
const connectTo = async (url: URL, tools: ProbeTools, signal: AbortSignal): Promise<string | undefined> => {
  const isTls = url.protocol === 'https:'
  const type = probeTypes.get(isTls ? 'tls' : 'tcp')!
  const options = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || (isTls ? 443 : 80)) }
  const { error } = await type.run!(options as never, { timeoutMs: TIMEOUT_MS, signal, tools, trace: false })
  return error && inEnglish(error.cause)
}

const stepsOf = ({ steps = [] }: DeliveryOutcome): string => steps.map(({ name }) => name).join(', ')

const reached = (check: string, where: string, outcome: DeliveryOutcome): Finding => {
  const view = deliveryOutcomeView(outcome)
  if (!view.ok)
    return {
      check,
      level: 'problem',
      found: `${where}: ${view.message}`,
      ...(view.cure !== undefined && { advice: view.cure }),
    }
  const way = stepsOf(outcome)
  return { check, level: 'ok', found: `${where}: taken${way === '' ? '' : ` (${way})`}; nothing was sent` }
}

const connected = async (
  check: string,
  where: string,
  urls: readonly URL[],
  tools: ProbeTools,
  signal: AbortSignal,
): Promise<Finding> => {
  if (urls.length === 0) return { check, level: 'ok', found: `${where}: nothing can be tried before something is sent` }
  for (const url of urls) {
    const trouble = await connectTo(url, tools, signal)
    if (trouble !== undefined)
      return {
        check,
        level: 'problem',
        found: `${url.host}: ${trouble}`,
        advice: 'check the address, and what lies between',
      }
  }
  const hosts = urls.map(({ host }) => host).join(', ')
  return { check, level: 'ok', found: `${hosts}: answers; whether it takes a message shows vigia send-test` }
}

export interface ChannelFindingDeps {
  readonly environment: SendContext['environment']
  readonly tools: ProbeTools
  readonly signal: AbortSignal
}

/** Goes the way of a message of a channel as far as one can without sending any. */
export const channelFinding = async (
  { name, type: typeName, options, enabled }: WantedChannel,
  { environment, tools, signal: ending }: ChannelFindingDeps,
): Promise<Finding> => {
  const check = `channel ${name}`
  const type = channelTypes.get(typeName)!
  const where = type.describe(options as never)
  if (!enabled) return { check, level: 'warning', found: `${where}: disabled`, advice: 'nothing is told by it' }
  const signal = AbortSignal.any([ending, AbortSignal.timeout(TIMEOUT_MS * 2)])
  const outcome = type.reach?.(options as never, {
    signal,
    timeoutMs: TIMEOUT_MS,
    environment,
    resolve: tools.resolve,
    now: systemClock.now,
    timers: systemTimers,
    references: [],
  })
  return outcome === undefined
    ? connected(check, where, urlsOf(options), tools, signal)
    : reached(check, where, await outcome)
}
