import { defineDetector, NO_EVENTS } from '#core/detector.ts'
import { detectionEvent, rounded } from '#core/event/detection.ts'
import type { DnsRecord } from '#core/event/zeek-record.ts'
import { Type } from '#lib/schema.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'
import {
  addQuery,
  createWindow,
  scoreWindow,
  type TunnelLimits,
  type TunnelScore,
  type TunnelWindow,
} from './dns-tunneling-window.ts'
import { entropyOf } from './entropy.ts'
import { createEpisodes } from './episodes.ts'
import { LOCAL_ZONES, LOOKUP_SERVICES } from './known-services.ts'
import { createNameSet } from './name-set.ts'
import { createIsIgnored, createIsLocal, ignoreField } from './networks.ts'
import { type SplitName, splitName } from './registered-domain.ts'

const DAY_MS = 86_400_000
const SHORT_MS = 5 * 60_000
const MOST_PAIRS = 50_000
const POINTS = 4
/** Within minutes, for a tunnel in use; within a day, for one that whispers. */
const SHORT: TunnelLimits = { queries: 20, names: 20 }
const LONG: TunnelLimits = { queries: 100, names: 100 }
/** Fewer do where nearly every sign agrees: long names of types that carry much. */
const WHISPER: TunnelLimits = { queries: 40, names: 40 }
const WHISPER_POINTS = 6
/** A name that belongs to no domain that anybody can register: tunnels that talk to their server directly. */
const NO_DOMAIN = '(no domain)'

/** A name that spells an address carries that and nothing else: reverse names, block lists, hosts of a cloud. */
const SPELLS_ADDRESS = /(?:^|[.-])\d{1,3}([.-])\d{1,3}\1\d{1,3}\1\d{1,3}(?:[.-]|$)/
/** What may stand beside the address: `ec2`, `compute`, the name of a region or of a list. */
const BESIDE_ADDRESS = 24

/** A digest and nothing else, of which a list says whether it knows it: of addresses of mail, of files, of keys. */
const DIGEST = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[a-z2-7]{32})(?:\.|$)/

/** Whoever asks so many servers asks for others: a resolver, or a probe that measures. */
const RESOLVER_SERVERS = 16
const RESOLVER_POINTS = 6
const MOST_CLIENTS = 20_000

/** Nobody registers below a local zone: all of it is one network's. */
const splitLocal = (name: string): SplitName => {
  const dot = name.lastIndexOf('.')
  return { domain: name.slice(dot + 1), prefix: name.slice(0, Math.max(0, dot)) }
}

/** What a name carries beside an address that it spells; empty for nothing. */
const carriedBy = (prefix: string): string => {
  if (!SPELLS_ADDRESS.test(prefix)) return prefix
  const rest = prefix.replace(SPELLS_ADDRESS, '.')
  return rest.length <= BESIDE_ADDRESS ? '' : rest
}

/** Asks a list for a digest, and hears that it is not there, or a code of the list's own. */
const isLookUpOfDigest = (prefix: string, { queryType, responseCode, answers }: DnsRecord): boolean =>
  queryType === 'A' &&
  DIGEST.test(prefix) &&
  prefix.length - (prefix.includes('.') ? prefix.indexOf('.') : prefix.length) <= BESIDE_ADDRESS &&
  (responseCode === 'NXDOMAIN' || (answers.length > 0 && answers.every((answer) => answer.startsWith('127.'))))

interface Pair {
  short: TunnelWindow
  long: TunnelWindow
}

const queriesText = (count: number): string => `${count} ${count === 1 ? 'query' : 'queries'}`

/** Data carried inside names: one client, one registered domain, many names that are long and look like noise. */
export const dnsTunneling = defineDetector<DnsRecord>()({
  name: 'dns_tunneling',
  title: 'DNS tunnelling',
  'x-es': { title: 'Túnel DNS' },
  kinds: ['zeek/dns'],
  options: Type.Object(
    {
      allow: Type.Optional(
        Type.Array(Type.String(), {
          title: 'Allowed domains',
          description:
            'Domains, and all below them, whose look-ups carry data on purpose: block lists, reputation services',
          'x-es': {
            title: 'Dominios permitidos',
            description:
              'Dominios, con todo lo que está debajo, cuyas consultas llevan datos a propósito: listas de bloqueo, servicios de reputación',
          },
        }),
      ),
      ignore: ignoreField,
    },
    { additionalProperties: false },
  ),
  create: (options) => {
    const isIgnored = createIsIgnored(options.ignore)
    const isAllowed = createNameSet([...LOOKUP_SERVICES, ...(options.allow ?? [])])
    const isLocalName = createNameSet(LOCAL_ZONES)
    const isLocal = createIsLocal()
    const askedServers = createRecentMap<string, Set<string>>(MOST_CLIENTS)

    /** True for a client that has asked very many servers. */
    const isResolver = ({ clientIp, serverIp }: DnsRecord): boolean => {
      let servers = askedServers.get(clientIp)
      if (!servers) {
        servers = new Set()
        askedServers.set(clientIp, servers)
      }
      if (servers.size < RESOLVER_SERVERS) servers.add(serverIp)
      return servers.size >= RESOLVER_SERVERS
    }

    const pairs = createRecentMap<string, Pair>(MOST_PAIRS)
    const episodes = createEpisodes(DAY_MS)

    const tell = (record: DnsRecord, domain: string, window: TunnelWindow, score: TunnelScore) => {
      const { clientIp, serverIp, serverPort, queryType } = record
      if (!episodes.announce(`${clientIp}|${domain}`, window.lastMs, score.payload)) return NO_EVENTS
      const named = domain !== NO_DOMAIN
      return [
        detectionEvent({
          detectionType: 'dns_tunneling',
          severity: 'HIGH',
          ip: clientIp,
          at: window.lastMs,
          firstSeenMs: window.startMs,
          lastSeenMs: window.lastMs,
          reason: `${clientIp} asked ${score.uniqueNames} different names ${named ? `below ${domain}` : 'that belong to no domain'} in ${queriesText(window.queries)}`,
          fields: {
            domain: named ? domain : undefined,
            dest_ip: serverIp,
            dest_port: serverPort,
            domains_count: 1,
            queries: window.queries,
            query_type: queryType,
          },
          evidence: {
            points: score.points,
            unique_names: score.uniqueNames,
            unique_share: rounded(score.uniqueShare),
            mean_length: rounded(score.meanLength, 1),
            mean_entropy_bits: rounded(score.meanEntropy, 2),
            carrier_share: rounded(score.carrierShare),
            payload_characters: Math.round(score.payload),
            window_s: Math.round((window.lastMs - window.startMs) / 1000),
            samples: window.samples,
          },
        }),
      ]
    }

    /** A window that is over makes room for the next. */
    const current = (window: TunnelWindow, timeMs: number, lengthMs: number): TunnelWindow =>
      timeMs - window.startMs < lengthMs ? window : createWindow(timeMs)

    return {
      observe: (record) => {
        const { query, clientIp, timeMs, queryType } = record
        if (query === undefined || query.length > 255 || isIgnored(clientIp) || isIgnored(record.serverIp))
          return NO_EVENTS
        const name = query.toLowerCase()
        const { domain: registered, prefix } = isLocalName(name) ? splitLocal(name) : splitName(name)
        // A name of one label is a neighbour's; a bare domain carries nothing.
        if (prefix === '' || (registered === '' && !prefix.includes('.')) || isAllowed(name)) return NO_EVENTS
        if (isLocal(record.serverIp) && isLocalName(name)) return NO_EVENTS
        const carried = carriedBy(prefix)
        if (carried === '' || isLookUpOfDigest(prefix, record)) return NO_EVENTS
        const domain = registered === '' ? NO_DOMAIN : registered
        const key = `${clientIp}|${domain}`
        let pair = pairs.touch(key)
        if (!pair) {
          pair = { short: createWindow(timeMs), long: createWindow(timeMs) }
          pairs.set(key, pair)
        }
        pair.short = current(pair.short, timeMs, SHORT_MS)
        pair.long = current(pair.long, timeMs, DAY_MS)
        addQuery(pair.short, carried, queryType, timeMs, entropyOf)
        addQuery(pair.long, carried, queryType, timeMs, entropyOf)
        const resolves = isResolver(record)
        for (const [window, limits, least] of [
          [pair.short, SHORT, POINTS],
          [pair.long, LONG, POINTS],
          [pair.long, WHISPER, WHISPER_POINTS],
        ] as const) {
          if (window.queries < limits.queries) continue
          const score = scoreWindow(window, limits)
          if (score.points >= (resolves ? RESOLVER_POINTS : least)) return tell(record, domain, window, score)
        }
        return NO_EVENTS
      },
      tick: (nowMs) => {
        for (const [key, { long }] of pairs.entries()) if (nowMs - long.lastMs > DAY_MS) pairs.delete(key)
        return NO_EVENTS
      },
      stats: () => ({ tracked: pairs.size, forgotten: pairs.forgotten() }),
    }
  },
})
