import { because, type Cause } from '#core/cause/cause.ts'
import type { Timing } from '#lib/time/timing.ts'
import { inOrder } from './address-order.ts'
import { type Admission, createAdmission, type Guest, type Trust } from './admission.ts'
import { type Control, createControl } from './control.ts'
import { createQuestions, type QuestionEnd } from './dns-question.ts'
import { createDnsSource, type Recall, recallNow } from './dns-source.ts'
import type { NameSettings } from './name-settings.ts'
import { askedBy, type SourceStatus, statusUnasked } from './name-sources.ts'
import type { NameServer } from './resolv-conf.ts'
import { createServerHealth } from './server-health.ts'
import { createSystemSource } from './system-source.ts'

export type Family = 0 | 4 | 6

/** One question that is under way: when it left our own queue, ms of the monotonic clock; undefined: it waits there. */
export interface UnderWay {
  readonly askedAt: number
  sentAt: number | undefined
}

export type LookupEnd = QuestionEnd

/** Who does not answer, since when, and how. */
export interface Silence {
  readonly servers: readonly string[]
  /** For how long, ms. */
  readonly ageMs: number
  readonly how: Cause
  /** Who, and how. */
  readonly cause: Cause
}

/** Asks the sources of this machine for a name, in their order. */
export interface NameLookup {
  find(host: string, family: Family, trust: Trust, underWay: UnderWay): Promise<LookupEnd>
  /** Set while nobody who looks names up answers anything at all, as far as a question shows that left at `since`. */
  silence(since?: number): Silence | undefined
  /** The same once it is certain enough: a control question has had its time. */
  settledSilence(since: number): Promise<Silence | undefined>
  /** Names that wait in our own queue. */
  waiting(): number
  close(): void
}

/** Names that are asked of the DNS at once. */
const AT_ONCE = 2048
/** The system's resolver tells no TTL, and a name that moves must be followed; seconds. */
const SYSTEM_TTL = 30
/** A control question that is not answered within this is taken for silence. */
const CONTROL_MS = 250
const SYSTEM: NameServer = { host: 'system', port: 0 }
/** What people are told of, where it is an address else. */
const OF_THE_SYSTEM = 'of the system'
const NOT_FOUND = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA'])
const OWN_FAULTS = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAI_MEMORY'])
const LOOPBACK: Readonly<Record<Family, readonly string[]>> = { 0: ['::1', '127.0.0.1'], 4: ['127.0.0.1'], 6: ['::1'] }

const isLocalhost = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost')

const versionOf = (address: string): Family => (address.includes(':') ? 6 : 4)

/** Addresses of a name by the hosts file; undefined where it does not stand there. */
export const inHostsFile = ({ hosts }: NameSettings, host: string, family: Family): readonly string[] | undefined => {
  const found = hosts.get(host)
  if (!found || family === 0) return found
  const fitting = found.filter((address) => versionOf(address) === family)
  return fitting.length > 0 ? fitting : undefined
}

const statusOf = ({ kind }: QuestionEnd): SourceStatus =>
  kind === 'addresses' ? 'success' : kind === 'nothing' ? 'notfound' : 'tryagain'

const serverText = (server: NameServer): string =>
  server === SYSTEM ? OF_THE_SYSTEM : server.port === 53 ? server.host : `${server.host}:${server.port}`

const NOTHING: LookupEnd = { kind: 'nothing', exists: false, ttl: undefined }

export interface NameLookupDeps {
  readonly timing: Timing
  readonly settings: () => NameSettings
  /** Names that are asked of the DNS at once. */
  readonly atOnce?: number | undefined
}

export const createNameLookup = ({ timing, settings, atOnce = AT_ONCE }: NameLookupDeps): NameLookup => {
  const { monotonic, timers } = timing
  const health = createServerHealth(monotonic)
  const conf = () => settings().resolver
  const control: Control = createControl({ timing, health, conf, questions: () => questions })
  const questions = createQuestions({ timing, health, onFailed: control.failed, onAnswered: control.answered })
  const dns = createDnsSource(questions, timers)
  const system = createSystemSource({ timing })
  const admission: Admission = createAdmission(atOnce, timing)
  let systemUsed = false
  let lastGood: string | undefined

  const byDns = async (host: string, family: Family, trust: Trust, underWay: UnderWay): Promise<LookupEnd> => {
    const recall: Recall = { called: false }
    const guest: Guest = { trust, recall: () => recallNow(recall) }
    if (!admission.tryEnter(guest)) await admission.enter(guest)
    underWay.sentAt ??= monotonic()
    let end: LookupEnd
    try {
      end = await dns.find(host, family, conf(), recall)
      if (end.kind === 'addresses' && end.addresses.length > 1)
        return { ...end, addresses: await inOrder(end.addresses) }
    } finally {
      admission.leave(guest)
    }
    if (!recall.called || end.kind !== 'silent') return end
    // It made room for others: that it is not there yet is our own queue's doing.
    underWay.sentAt = undefined
    return byDns(host, family, 'silent', underWay)
  }

  /** Shows whether the system's resolver answers for anything. */
  const controlSystem = (failed: string) => {
    if (lastGood === undefined || lastGood === failed) return
    const askedAt = monotonic()
    void system
      .find(lastGood, 0, 'answered', { called: false }, () => {})
      .then((end) =>
        'addresses' in end ? health.answered(SYSTEM) : health.failed(SYSTEM, askedAt, because('does_not_answer')),
      )
  }

  const bySystem = async (host: string, family: Family, trust: Trust, underWay: UnderWay): Promise<LookupEnd> => {
    systemUsed = true
    const begun = () => {
      underWay.sentAt ??= monotonic()
    }
    const recall: Recall = { called: false }
    const end = await system.find(host, family, trust, recall, begun)
    if (recall.called && !('addresses' in end)) {
      underWay.sentAt = undefined
      return bySystem(host, family, 'silent', underWay)
    }
    if ('addresses' in end) {
      lastGood = host
      health.answered(SYSTEM)
      return { kind: 'addresses', addresses: end.addresses, ttl: SYSTEM_TTL }
    }
    if (OWN_FAULTS.has(end.code)) return { kind: 'fault', code: end.code }
    if (NOT_FOUND.has(end.code)) {
      health.answered(SYSTEM)
      return NOTHING
    }
    health.failed(SYSTEM, underWay.sentAt!, because('does_not_answer'))
    controlSystem(host)
    return { kind: 'silent' }
  }

  const byFile = async (host: string, family: Family): Promise<LookupEnd> => {
    const found = inHostsFile(settings(), host, family)
    return found ? { kind: 'addresses', addresses: await inOrder(found), ttl: 0 } : NOTHING
  }

  const find: NameLookup['find'] = async (host, family, trust, underWay) => {
    const plain = host.endsWith('.') ? host.slice(0, -1) : host
    const { sources, hostName } = settings()
    let left: LookupEnd = NOTHING
    for (const source of sources) {
      const by = askedBy(source, plain, hostName)
      let end = NOTHING as LookupEnd
      if (by === 'files') end = await byFile(plain, family)
      else if (by === 'dns' && isLocalhost(plain))
        return { kind: 'addresses', addresses: LOOPBACK[family], ttl: SYSTEM_TTL }
      else if (by !== 'nobody') end = await (by === 'dns' ? byDns : bySystem)(host, family, trust, underWay)
      if (end.kind === 'addresses') return end
      const status = by === 'nobody' ? statusUnasked(source) : statusOf(end)
      // A source that could not say leaves more open than one that knows nothing.
      if (end.kind !== 'nothing' || left.kind === 'nothing') left = end
      // The system asks all that follow as well.
      if (by === 'system' || source.ends.has(status)) return left
    }
    return left
  }

  const silenceOf = (servers: readonly NameServer[], since: number): Silence | undefined => {
    let from = Number.NEGATIVE_INFINITY
    for (const server of servers) {
      const failing = health.failingSince(server)
      if (failing === undefined || health.answeredSince(server, since)) return undefined
      from = Math.max(from, failing)
    }
    const names = servers.map(serverText)
    const how = health.how(servers[0]!)
    const resolver = servers[0] === SYSTEM ? because('of_the_system') : names.join(', ')
    return { servers: names, ageMs: monotonic() - from, how, cause: because('resolver_fails', { resolver, how }) }
  }

  const silence = (since = Number.POSITIVE_INFINITY): Silence | undefined => {
    const { sources, resolver } = settings()
    const asksDns = sources.some(({ name }) => name === 'dns')
    const ofDns = asksDns ? silenceOf(resolver.servers, since) : undefined
    const ofSystem = systemUsed ? silenceOf([SYSTEM], since) : undefined
    return ofDns ?? ofSystem
  }

  return {
    find,
    silence,
    settledSilence: async (since) => {
      const found = silence(since)
      if (!found) return undefined
      const asked = conf().servers.map((server) => control.askedAt(server) ?? monotonic())
      const wait = Math.max(...asked) + CONTROL_MS - monotonic()
      if (wait > 0) await timers.pause(wait)
      return silence(since)
    },
    waiting: () => admission.waiting() + system.waiting(),
    close: () => {
      control.close()
      questions.close()
      system.close()
    },
  }
}
