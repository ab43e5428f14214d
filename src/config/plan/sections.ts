import type { ServerSettings } from '#core/server-settings.ts'
import { FILE_ONLY } from '../file-only.ts'
import type { Config } from '../load.ts'
import type { Wanted } from '../wanted.ts'

/** The same without where in the file it stands. */
const saying = (value: unknown): string =>
  JSON.stringify(value, (key, inner) => (key === 'origin' ? undefined : inner)) ?? ''

/** Parts that say something else than what is in force; none where that is not known. */
export const changedSections = (running: Wanted | undefined, config: Config): string[] => {
  if (!running) return []
  const before = running as Partial<Config>
  const parts: Readonly<Record<string, (keyof Config)[]>> = {
    server: ['server'],
    heartbeat: ['heartbeat'],
    witnesses: ['witnesses', 'ownChannels'],
    escalation: ['escalation'],
    sources: ['sources', 'ports'],
    security: ['security'],
    metrics: ['metrics'],
    outputs: ['outputs'],
    tables: ['polled'],
  }
  return Object.entries(parts).flatMap(([name, keys]) =>
    keys.some((key) => saying(before[key]) !== saying(config[key])) ? [name] : [],
  )
}

/** Parts of a file that is taken by hand which nothing is made of. */
export const fileOnlySections = ({ sections, server }: Config): string[] => [
  ...((server.host ?? server.port ?? server.trustedProxies) ? ['server'] : []),
  ...FILE_ONLY.filter((name) => sections.includes(name)),
]

/** What `server` says of the server's place, as settings. */
export const placeByHand = (server: Config['server']): Partial<ServerSettings> => ({
  ...(server.language !== undefined && { language: server.language }),
  ...(server.timeZone !== undefined && { time_zone: server.timeZone }),
  ...(server.region !== undefined && { region: server.region }),
  ...(server.url !== undefined && { url: server.url }),
})

/** What a file that is taken by hand says of settings; of `server` that is its place. */
export const settingsByHand = ({ settings, server }: Config): Partial<ServerSettings> => ({
  ...settings,
  ...placeByHand(server),
})
