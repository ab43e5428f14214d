import type { Config } from './load.ts'

type Held = Pick<Config, 'server' | 'metrics'>

/** Settings that hold from a start to the next, by their names in the file. */
const HELD: Readonly<Record<string, (config: Held) => unknown>> = {
  'server.host': ({ server }) => server.host,
  'server.port': ({ server }) => server.port,
  'server.url': ({ server }) => server.url,
  'server.language': ({ server }) => server.language,
  'server.time_zone': ({ server }) => server.timeZone,
  'server.region': ({ server }) => server.region,
  'server.trusted_proxies': ({ server }) => server.trustedProxies,
  'metrics.public': ({ metrics }) => metrics.public,
  'metrics.public_probe': ({ metrics }) => metrics.publicProbe,
  'metrics.monitor_histograms': ({ metrics }) => metrics.monitorHistograms,
  'metrics.labels': ({ metrics }) => metrics.labels,
  'metrics.legacy': ({ metrics }) => metrics.legacy,
}

/** Names of the settings in which a file differs from what the server was started with, and which need another start. */
export const settingsForRestart = (started: Held, now: Held): readonly string[] =>
  Object.entries(HELD).flatMap(([name, of]) => (JSON.stringify(of(started)) === JSON.stringify(of(now)) ? [] : [name]))
