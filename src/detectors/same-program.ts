import type { BeaconSeries } from './beacon-series.ts'

/** Addresses of one network: what a content network or a cloud moves a name among. */
const networkOf = (ip: string): string =>
  ip.includes(':') ? ip.split(':', 3).join(':') : ip.slice(0, ip.lastIndexOf('.'))

/** What was told of a client, and its rhythm. */
export interface Told {
  readonly pair: BeaconSeries
  readonly interval: number
  readonly key: string
}

/** Rhythms that one program keeps go on at the same moments, every time after the same while. */
const SAME_INTERVAL = 0.02
const SAME_MOMENT_MS = 3000

/** Whether a series is a further server of the program that was told. */
export const isSameProgram = (told: Told, pair: BeaconSeries, interval: number): boolean =>
  (told.pair.port === pair.port && networkOf(told.pair.server) === networkOf(pair.server)) ||
  (Math.abs(told.interval - interval) <= SAME_INTERVAL * interval &&
    Math.abs(told.pair.lastMs - pair.lastMs) <= SAME_MOMENT_MS)
