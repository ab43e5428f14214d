import { defineDetector, NO_EVENTS } from '#core/detector.ts'
import { detectionEvent, rounded } from '#core/event/detection.ts'
import type { DnsRecord } from '#core/event/zeek-record.ts'
import { Type } from '#lib/schema.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'
import { madeName } from './dga-features.ts'
import { type DgaModel, loadDgaModel } from './dga-model.ts'
import { entropyOf } from './entropy.ts'
import { createEpisodes } from './episodes.ts'
import { LOCAL_ZONES, LOOKUP_SERVICES, ROUTINE_SERVICES } from './known-services.ts'
import { createNameSet } from './name-set.ts'
import { createIsIgnored, ignoreField } from './networks.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MOST_CLIENTS = 20_000
/** Names of one client that are judged together. */
const NAMES = 20
const LEAST_NAMES = 10
/** Of a full look at one client less is asked: words of a dictionary lie nearer to what people choose than noise does. */
const LESS_OF_TWENTY = 1
const FLAGGED = 3
const MOST_TOLD = 10
/** Several flagged names count only when the others are odd as well: lists of odd names are looked up by crawlers too. */
const LEAST_WITH_FLAGGED = 5
/** Names made of dictionary words look chosen; that most of very many do not exist does not. */
const HOUR_FAILED = 50
const HOUR_FAILED_SHARE = 0.5
/** What a browser or a mail server asks for, and a bot calling home. */
const ADDRESS_TYPES = new Set(['A', 'AAAA', 'ANY', undefined])

interface Asked {
  readonly domain: string
  readonly score: number
  readonly timeMs: number
}

interface Client {
  /** Latest different domains, oldest first: those that do not exist, and all. */
  readonly failed: Asked[]
  readonly all: Asked[]
  /** Different domains of the running hour, about: all, and those that do not exist. */
  hourMs: number
  hourAll: number
  hourFailed: number
  /** Domains whose mail exchangers or texts were asked for: what a mail server does with whoever writes to it. */
  readonly mail: Set<string>
}

/** Mail records of so many domains are asked for by a mail server; bots that send spam deliver to few. */
const MAIL_TYPES = new Set(['MX', 'TXT'])
const MOST_MAIL = 200

const add = (asked: Asked[], fresh: Asked): void => {
  asked.push(fresh)
  if (asked.length > NAMES) asked.shift()
  while (asked.length > 0 && fresh.timeMs - asked[0]!.timeMs > DAY_MS) asked.shift()
}

const holds = (asked: readonly Asked[], domain: string): boolean => asked.some((one) => one.domain === domain)

const meanScore = (asked: readonly Asked[]): number => asked.reduce((sum, { score }) => sum + score, 0) / asked.length

/** How far the mean of some names lies above what as many chosen names have, in standard deviations of that mean. */
const strengthOf = (asked: readonly Asked[], { chosen }: DgaModel): number =>
  ((meanScore(asked) - chosen.mean) * Math.sqrt(asked.length)) / chosen.deviation

/**
 * Machines that look up names made by a program. Single names are not told, for one in a hundred of the names that
 * people chose looks made too: a machine is, by twenty names that do not exist, or by several that hardly anybody chooses.
 */
export const dga = defineDetector<DnsRecord>()({
  name: 'dga',
  title: 'Names made by a program',
  'x-es': { title: 'Nombres generados por un programa' },
  kinds: ['zeek/dns'],
  options: Type.Object(
    {
      strength: Type.Optional(
        Type.Number({
          minimum: 3,
          default: 6,
          title: 'Deviations',
          description: 'How far names that do not exist must be from chosen ones, in standard deviations',
          'x-es': {
            title: 'Desviaciones',
            description:
              'A qué distancia de los nombres elegidos deben estar los que no existen, en desviaciones estándar',
          },
        }),
      ),
      allow: Type.Optional(
        Type.Array(Type.String(), {
          title: 'Allowed domains',
          description: 'Domains that are never judged, and all below',
          'x-es': {
            title: 'Dominios permitidos',
            description: 'Dominios que nunca se juzgan, con todo lo que está debajo',
          },
        }),
      ),
      ignore: ignoreField,
    },
    { additionalProperties: false },
  ),
  create: (options) => {
    const model = loadDgaModel()
    const least = options.strength ?? 6
    const isIgnored = createIsIgnored(options.ignore)
    const isAllowed = createNameSet([...ROUTINE_SERVICES, ...LOOKUP_SERVICES, ...LOCAL_ZONES, ...(options.allow ?? [])])
    const clients = createRecentMap<string, Client>(MOST_CLIENTS)
    const scores = createRecentMap<string, number>(MOST_CLIENTS)
    const episodes = createEpisodes(DAY_MS)

    const scoreOf = (name: ReturnType<typeof madeName> & object): number => {
      const known = scores.get(name.domain)
      if (known !== undefined) return known
      const score = model.score(name)
      scores.set(name.domain, score)
      return score
    }

    const clientOf = (ip: string, timeMs: number): Client => {
      const known = clients.touch(ip)
      if (known) return known
      const client = { failed: [], all: [], hourMs: timeMs, hourAll: 0, hourFailed: 0, mail: new Set<string>() }
      clients.set(ip, client)
      return client
    }

    /** What somebody wrote mail from may be invented; it was not invented here. */
    const noteMail = (ip: string, name: string, timeMs: number) => {
      const made = madeName(name)
      if (!made) return
      const { mail, failed, all } = clientOf(ip, timeMs)
      if (mail.size >= MOST_MAIL) mail.delete(mail.values().next().value!)
      mail.add(made.domain)
      for (const asked of [failed, all]) {
        const at = asked.findIndex(({ domain }) => domain === made.domain)
        if (at >= 0) asked.splice(at, 1)
      }
    }

    const tell = (record: DnsRecord, names: readonly Asked[], why: string) => {
      if (!episodes.announce(record.clientIp, record.timeMs)) return NO_EVENTS
      const worst = names.toSorted((a, b) => b.score - a.score)
      const flagged = names.filter(({ score }) => score > model.thresholds.percent).length
      const top = worst[0]!.domain
      return [
        detectionEvent({
          detectionType: 'dga',
          severity: 'MEDIUM',
          ip: record.clientIp,
          at: record.timeMs,
          firstSeenMs: Math.min(...names.map(({ timeMs }) => timeMs)),
          lastSeenMs: record.timeMs,
          reason: `${record.clientIp} looks up names that a program seems to have made, such as ${top}`,
          fields: {
            domain: top,
            dest_ip: record.serverIp,
            dest_port: record.serverPort,
            domains_count: names.length,
            queries: top,
            entropy: rounded(entropyOf(top), 2),
            score: rounded(meanScore(names), 2),
            names: worst.slice(0, MOST_TOLD).map(({ domain }) => domain),
          },
          evidence: {
            test: why,
            names: names.length,
            flagged,
            mean_score: rounded(meanScore(names), 2),
            deviations: rounded(strengthOf(names, model), 1),
            scores: worst.slice(0, MOST_TOLD).map(({ score }) => rounded(score, 2)),
          },
        }),
      ]
    }

    return {
      observe: (record) => {
        const { query, queryType, clientIp, timeMs, responseCode } = record
        if (query === undefined || query.length > 255) return NO_EVENTS
        if (queryType !== undefined && MAIL_TYPES.has(queryType)) {
          noteMail(clientIp, query.toLowerCase(), timeMs)
          return NO_EVENTS
        }
        if (!ADDRESS_TYPES.has(queryType)) return NO_EVENTS
        const name = query.toLowerCase()
        const made = madeName(name)
        if (!made || isAllowed(name) || isIgnored(clientIp) || isIgnored(record.serverIp)) return NO_EVENTS
        const client = clientOf(clientIp, timeMs)
        if (client.mail.has(made.domain)) return NO_EVENTS
        if (timeMs - client.hourMs >= HOUR_MS) Object.assign(client, { hourMs: timeMs, hourAll: 0, hourFailed: 0 })
        const fresh = { domain: made.domain, score: scoreOf(made), timeMs }
        const isNew = !holds(client.all, made.domain)
        if (isNew) {
          add(client.all, fresh)
          client.hourAll++
        }
        if (responseCode === 'NXDOMAIN' && !holds(client.failed, made.domain)) {
          add(client.failed, fresh)
          client.hourFailed++
          const needed = client.failed.length === NAMES ? least - LESS_OF_TWENTY : least
          if (client.failed.length >= LEAST_NAMES && strengthOf(client.failed, model) >= needed)
            return tell(record, client.failed, 'names that do not exist')
          if (client.hourFailed >= HOUR_FAILED && client.hourFailed >= client.hourAll * HOUR_FAILED_SHARE)
            return tell(record, client.failed, 'very many names that do not exist')
        }
        if (!isNew || fresh.score <= model.thresholds.permille) return NO_EVENTS
        const flagged = client.all.filter(({ score }) => score > model.thresholds.permille)
        return flagged.length >= FLAGGED && strengthOf(client.all, model) >= LEAST_WITH_FLAGGED
          ? tell(record, client.all, 'several of the latest names')
          : NO_EVENTS
      },
      tick: (nowMs) => {
        for (const [ip, { all }] of clients.entries()) {
          const last = all.at(-1)
          if (last && nowMs - last.timeMs > DAY_MS) clients.delete(ip)
        }
        return NO_EVENTS
      },
      stats: () => ({ tracked: clients.size, forgotten: clients.forgotten() }),
    }
  },
})
