import type { Timer, Timers } from '#lib/time/timers.ts'
import type { AddressAnswer } from './address-answer.ts'
import type { QuestionEnd, Questions } from './dns-question.ts'
import type { ResolvConf } from './resolv-conf.ts'

type Family = 0 | 4 | 6

/** Of two versions that were asked for at once, the second is waited for only so long once the first has addresses. */
const SECOND_WAIT_MS = 400
/** What is known of one version only is asked for again soon, s. */
const HALF_KNOWN_TTL = 30

/** What can be asked of the DNS at all. */
const canBeAsked = (name: string): boolean => name.length <= 253 && /^(?:[^.]{1,63}\.)*[^.]{1,63}$/.test(name)

/** The names that a name may mean, in the order in which they are asked for. A final dot says that it is whole. */
const namesToAsk = (host: string, { search, ndots }: ResolvConf): readonly string[] => {
  const whole = host.endsWith('.')
  if (whole || search.length === 0) return [whole ? host.slice(0, -1) : host].filter(canBeAsked)
  const longer = search.map((domain) => `${host}.${domain}`)
  const names = host.split('.').length > ndots ? [host, ...longer] : [...longer, host]
  return names.filter(canBeAsked)
}

const smaller = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined ? other : other === undefined ? one : Math.min(one, other)

/** What two versions say of a name together. */
const together = (ends: readonly QuestionEnd[]): QuestionEnd => {
  let addresses: readonly string[] = []
  let ttl = Number.POSITIVE_INFINITY
  for (const end of ends)
    if (end.kind === 'addresses') {
      addresses = addresses.length === 0 ? end.addresses : [...addresses, ...end.addresses]
      ttl = Math.min(ttl, end.ttl)
    } else if (end.kind !== 'nothing') ttl = Math.min(ttl, HALF_KNOWN_TTL)
  if (addresses.length > 0) return { kind: 'addresses', addresses, ttl }
  const failed = ends.find(({ kind }) => kind === 'fault') ?? ends.find(({ kind }) => kind !== 'nothing')
  if (failed) return failed
  const nothing = ends.filter((end) => end.kind === 'nothing')
  return {
    kind: 'nothing',
    exists: nothing.some(({ exists }) => exists),
    ttl: nothing.reduce<number | undefined>((ttl, one) => smaller(ttl, one.ttl), undefined),
  }
}

/** Calls a question off, which then ends as one that nobody answered. */
export interface Recall {
  /** What is under way. */
  off?: () => void
  called: boolean
}

export const recallNow = (recall: Recall): void => {
  recall.called = true
  recall.off?.()
}

export interface DnsSource {
  /** Addresses of a name by the search list. Never rejects. */
  find(host: string, family: Family, conf: ResolvConf, recall: Recall): Promise<QuestionEnd>
}

const SILENT: QuestionEnd = { kind: 'silent' }
const NO_IPV6: QuestionEnd = { kind: 'nothing', exists: true, ttl: undefined }

export const createDnsSource = (questions: Questions, timers: Timers): DnsSource => {
  const one = (name: string, type: 'A' | 'AAAA', conf: ResolvConf, recall: Recall): Promise<QuestionEnd> =>
    new Promise((resolve) => {
      if (recall.called) return resolve(SILENT)
      const off = questions.ask(name, type, conf, resolve)
      recall.off = () => {
        off()
        resolve(SILENT)
      }
    })

  const inTurn = async (name: string, conf: ResolvConf, recall: Recall): Promise<QuestionEnd> =>
    together([await one(name, 'A', conf, recall), await one(name, 'AAAA', conf, recall)])

  const both = (name: string, conf: ResolvConf, recall: Recall): Promise<QuestionEnd> =>
    new Promise((resolve) => {
      const ends: QuestionEnd[] = []
      let timer: Timer | undefined
      const finish = (last?: QuestionEnd) => {
        timers.clear(timer)
        stopA()
        stopAaaa()
        if (last) ends.push(last)
        resolve(together(ends))
      }
      const hear = (end: QuestionEnd) => {
        ends.push(end)
        if (ends.length === 2) finish()
        else if (end.kind === 'addresses') timer = timers.after(SECOND_WAIT_MS, () => finish(SILENT))
      }
      const stopA = questions.ask(name, 'A', conf, hear)
      const stopAaaa = questions.ask(name, 'AAAA', conf, hear)
      recall.off = () => finish(SILENT)
    })

  const versions = (name: string, family: Family, conf: ResolvConf, recall: Recall): Promise<QuestionEnd> => {
    if (family === 4 || (conf.noIpv6 && family === 0)) return one(name, 'A', conf, recall)
    if (family === 6) return conf.noIpv6 ? Promise.resolve(NO_IPV6) : one(name, 'AAAA', conf, recall)
    return conf.oneByOne ? inTurn(name, conf, recall) : both(name, conf, recall)
  }

  const inList = async (
    names: readonly string[],
    family: Family,
    conf: ResolvConf,
    recall: Recall,
  ): Promise<QuestionEnd> => {
    let nothing: AddressAnswer & { readonly kind: 'nothing' } = { kind: 'nothing', exists: false, ttl: undefined }
    let refused: QuestionEnd | undefined
    for (const name of names) {
      const end = await versions(name, family, conf, recall)
      if (end.kind === 'nothing')
        nothing = { ...end, exists: nothing.exists || end.exists, ttl: smaller(nothing.ttl, end.ttl) }
      // One domain of the list whose servers are out of order need not be that of the name.
      else if (end.kind === 'refused') refused = end
      else return end
    }
    return refused ?? nothing
  }

  return {
    find: (host, family, conf, recall) => {
      const names = namesToAsk(host, conf)
      return names.length === 1 ? versions(names[0]!, family, conf, recall) : inList(names, family, conf, recall)
    },
  }
}
