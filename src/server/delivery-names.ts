import { join } from 'node:path'
import { channelTypes } from '#channels/index.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Timers } from '#lib/time/timers.ts'
import { createNames, type Names } from '#names/names.ts'
import type { ServerOptions } from './options.ts'

/** Names of channels are looked up so often, however seldom something is sent. */
const EVERY_MS = 1_800_000
const PATIENCE_MS = 10_000

/** Every host that a channel may send to, as its options and the environment name it. */
export const channelHosts = (
  { type, options }: Channel,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] => {
  const urls = Object.values(options).flatMap((value) =>
    typeof value === 'string' && /^https?:/i.test(value) ? (URL.parse(value)?.hostname ?? []) : [],
  )
  const named = channelTypes.get(type)?.hosts?.(options as never, environment) ?? []
  return [...urls, ...named].filter((host) => host !== '')
}

/** The resolver of deliveries: it knows the channels' names before the day on which nobody answers for them. */
export interface DeliveryNames extends Pick<Names, 'resolve' | 'close'> {
  /** Looks up the names of these channels, now and from time to time. */
  know(channels: readonly Channel[]): void
}

export interface DeliveryNamesDeps extends Pick<ServerOptions, 'environment' | 'nameFiles' | 'dataDir'> {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly timers: Timers
}

export const createDeliveryNames = ({
  environment,
  nameFiles,
  dataDir,
  clock,
  timers,
}: DeliveryNamesDeps): DeliveryNames => {
  const names = createNames({
    files: nameFiles,
    book: join(dataDir, 'addresses-channels.jsonl'),
    monotonic: clock.monotonic,
    timers,
  })
  let hosts: ReadonlySet<string> = new Set()
  const lookUp = () => {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    for (const host of hosts) void names.resolve(host.replace(/^\[|\]$/g, ''), 0, signal)
  }
  const timer = timers.every(EVERY_MS, lookUp)
  timer.unref()
  return {
    resolve: names.resolve,
    know: (channels) => {
      const found = channels.filter(({ enabled }) => enabled).flatMap((channel) => channelHosts(channel, environment))
      const server = environment.SMTP_SERVER
      hosts = new Set([...found, ...(server && channels.length > 0 ? [server] : [])])
      lookUp()
    },
    close: () => {
      timers.clear(timer)
      names.close()
    },
  }
}
