import { createNameSettings, type NameFiles, SYSTEM_FILES } from '#names/name-settings.ts'
import { askedBy, type NameSource } from '#names/name-sources.ts'
import type { ResolvConf } from '#names/resolv-conf.ts'
import type { Finding } from './finding.ts'

/** A name that is none of this machine and of no local domain: how most names are looked up. */
const ANY_NAME = 'www.example.com'

const serversText = ({ servers }: ResolvConf): string =>
  servers.map(({ host, port }) => (port === 53 ? host : `[${host}]:${port}`)).join(', ')

/** What of the file is not as it usually is. */
const settingsText = (conf: ResolvConf): string =>
  [
    conf.search.length > 0 && `search ${conf.search.join(' ')}`,
    conf.ndots !== 1 && `ndots ${conf.ndots}`,
    conf.timeoutMs !== undefined && `time-out ${conf.timeoutMs / 1000} s`,
    conf.attempts !== undefined && `${conf.attempts} attempts`,
    conf.rotate && 'in rotation',
    conf.edns && 'EDNS',
    conf.overTcp && 'by TCP',
    conf.noIpv6 && 'no IPv6',
    conf.oneByOne && 'IPv4 and IPv6 one by one',
  ]
    .filter(Boolean)
    .join(', ')

const sourcesText = (sources: readonly NameSource[]): string => sources.map(({ name }) => name).join(' ')

/** Says how names are looked up here: by whom, and where the system's own resolver is needed, why. */
export const surveyNames = (files: NameFiles | undefined = undefined): Finding => {
  const check = 'names'
  const { sources, hosts, resolver, hostName } = createNameSettings({ monotonic: () => 0, files })()
  const { hosts: hostsFile, resolvConf } = files ?? SYSTEM_FILES
  const ways = sources.map((source) => ({ source, by: askedBy(source, ANY_NAME, hostName) }))
  const system = ways.find(({ by }) => by === 'system')
  const before = system ? ways.slice(0, ways.indexOf(system)) : ways
  const parts = before.flatMap(({ by }) => {
    if (by === 'files') return [`${hostsFile} (${hosts.size} ${hosts.size === 1 ? 'name' : 'names'})`]
    if (by === 'dns')
      return [[`DNS at ${serversText(resolver)} by ${resolvConf}`, settingsText(resolver)].filter(Boolean).join(', ')]
    return []
  })
  if (!system) return { check, level: 'ok', found: `${parts.join(', then ')}; sources: ${sourcesText(sources)}` }
  return {
    check,
    level: 'ok',
    found: `${[...parts, `the system’s own resolver, in a process of its own, because of the source ${system.source.name}`].join(', then ')}; sources: ${sourcesText(sources)}`,
    ...(process.platform === 'linux' && {
      advice: `a name that is not answered takes one of its 24 places; with "hosts: files dns" in /etc/nsswitch.conf Vigía asks the DNS itself, and keeps to its TTLs`,
    }),
  }
}
