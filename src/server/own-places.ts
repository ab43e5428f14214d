import { NO_PLACES, type OwnPlaces } from '#detectors/own-traffic.ts'
import { isAddress } from '#lib/net/cidr.ts'
import { ownAddresses } from '#lib/net/own-addresses.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { Names } from '#names/names.ts'

/** Addresses of the machine and targets change seldom; a minute late is early enough for what takes minutes to be told. */
const EVERY_MS = 60_000
/** Names are looked up at every tenth time. */
const LOOK_UP_EACH = 10
/** Names that are looked up for it; whatever the logs tell of others is learned from them. */
const MOST_NAMES = 500
const PATIENCE_MS = 10_000

export interface OwnPlacesDeps {
  /** Hosts that the server looks at and sends to: names or addresses. */
  readonly hosts: () => readonly string[]
  readonly resolve: Names['resolve']
  readonly timers: Timers
}

const bare = (host: string): string => host.toLowerCase().replace(/^\[|\]$|\.$/g, '')

const isLoopback = (ip: string): boolean => ip.startsWith('127.') || ip === '::1'

/** What this server does on the network by itself, so that detectors do not hold it for an intruder. */
export const watchOwnPlaces = ({ hosts, resolve, timers }: OwnPlacesDeps) => {
  let places: OwnPlaces = NO_PLACES
  let resolved: ReadonlyMap<string, readonly string[]> = new Map()

  const refresh = () => {
    const all = [...new Set(hosts().map(bare))]
    const names = all.filter((host) => !isAddress(host))
    places = {
      addresses: new Set(ownAddresses().filter((ip) => !isLoopback(ip))),
      targets: new Set([...all.filter(isAddress), ...names.flatMap((name) => resolved.get(name) ?? [])]),
      names: new Set(names),
    }
    return names
  }

  const lookUp = async (names: readonly string[]) => {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const found = await Promise.all(
      names.slice(0, MOST_NAMES).map(async (name) => {
        const answer = await resolve(name, 0, signal)
        return [name, 'addresses' in answer ? answer.addresses : (resolved.get(name) ?? [])] as const
      }),
    )
    resolved = new Map(found)
    refresh()
  }

  let looks = 0
  const look = () => {
    const names = refresh()
    if (looks++ % LOOK_UP_EACH === 0) void lookUp(names)
  }
  look()
  const timer = timers.every(EVERY_MS, look)
  timer.unref()
  return { current: (): OwnPlaces => places, stop: () => timers.clear(timer) }
}
