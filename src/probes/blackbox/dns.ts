import { randomInt } from 'node:crypto'
import { writeQuery } from '#lib/net/dns-message.ts'
import { wireName } from '#lib/net/wire-name.ts'
import { chooseAddress, LAST_PORT, splitTarget } from './address.ts'
import { type Asked, overTcp, overUdp, type Question } from './dns/ask.ts'
import type { ReadRecord } from './dns/record.ts'
import { classNumber, rcodeName, rcodeNumber, typeNumber } from './dns/types.ts'
import type { DnsModule, RecordRules } from './module.ts'
import type { BlackboxProber } from './prober.ts'
import type { Recorder } from './recorder.ts'
import { matches } from './regex.ts'
import { tlsOptions } from './tls.ts'

const RECURSION_AT = 2
const RECURSION_BIT = 1
const DURATION = ['probe_dns_duration_seconds', 'Duration of the DNS request by phase.'] as const
const PHASES = ['resolve', 'connect', 'request'] as const
const SECTIONS = ['answer', 'authority', 'additional'] as const
const PORT = 53
const PORT_OVER_TLS = 853

/** The question as bytes; undefined for what can be no name. */
const queryOf = ({ name, type, class: kind, recursion }: DnsModule): Buffer | undefined => {
  try {
    const query = writeQuery(randomInt(65_536), wireName(name), 'A')
    query.writeUInt16BE(typeNumber(type)!, query.length - 4)
    query.writeUInt16BE(classNumber(kind)!, query.length - 2)
    if (!recursion) query[RECURSION_AT]! &= ~RECURSION_BIT
    return query
  } catch {
    return undefined
  }
}

const ask = (module: DnsModule, host: string, question: Question): Promise<Asked> => {
  if (module.transport === 'udp') return overUdp(question)
  return overTcp(question, module.overTls ? tlsOptions(module.tls, host, undefined) : undefined)
}

/**
 * Checks the records of a section as the original does: a section without records breaks what wants a match, and
 * `fail_if_all_match_regexp` fails, whatever its name says, where some record does not match all of its patterns.
 */
const follows = (section: readonly ReadRecord[], rules: RecordRules, recorder: Recorder): boolean => {
  const any = (pattern: string) => section.some(({ text }) => matches(pattern, text))
  const all = (pattern: string) => section.length > 0 && section.every(({ text }) => matches(pattern, text))
  const { failIfMatches, failIfAllMatch, failIfNotMatches, failIfNoneMatches: none } = rules
  const broken =
    failIfMatches.find(any) ??
    failIfNotMatches.find((pattern) => !all(pattern)) ??
    failIfAllMatch.find((pattern) => section.length > 0 && !all(pattern))
  if (broken !== undefined) return recorder.fail('RRs validation failed', { regexp: broken })
  if (none.length > 0 && !none.some(any)) return recorder.fail('RRs validation failed', { regexp: none.join(' ') })
  return true
}

const counts = (recorder: Recorder, sections: readonly (readonly ReadRecord[])[]) => {
  for (const [index, what] of SECTIONS.entries())
    recorder.set(`probe_dns_${what}_rrs`, `Records in the ${what} section.`, sections[index]?.length ?? 0)
}

/** Of a question for a zone's beginning its serial number, and 0 where none is answered. */
const noteSerial = ({ type }: DnsModule, answer: readonly ReadRecord[], recorder: Recorder) => {
  if (type !== 'SOA') return
  const serial = answer.findLast(({ serial }) => serial !== undefined)?.serial ?? 0
  recorder.set('probe_dns_serial', 'Serial number of the zone.', serial)
}

/** One question to the target, which is the name server. */
export const probeDns: BlackboxProber<DnsModule> = async (module, target, { tools, signal }, recorder) => {
  for (const phase of PHASES) recorder.set(...DURATION, 0, `{phase="${phase}"}`)
  counts(recorder, [])
  const succeeded = (value: number) => recorder.set('probe_dns_query_succeeded', 'Whether an answer came.', value)
  succeeded(0)
  const { host, port = module.overTls ? PORT_OVER_TLS : PORT } = splitTarget(target)
  const chosen = await chooseAddress(host, module, tools, signal, recorder)
  if (!chosen) return false
  recorder.set(...DURATION, chosen.seconds, '{phase="resolve"}')
  const { address } = chosen
  if (port > LAST_PORT) return recorder.fail('Error while sending a DNS query', { err: `invalid port ${port}` })
  const query = queryOf(module)
  if (!query) return recorder.fail('Error while sending a DNS query', { err: `${module.name} is no name` })
  let mark = performance.now()
  const lap = (phase: string) => {
    recorder.set(...DURATION, (performance.now() - mark) / 1000, `{phase="${phase}"}`)
    mark = performance.now()
  }
  const connected = () => lap('connect')
  const asked = await ask(module, host, { query, address, port, source: module.source, signal, connected })
  lap('request')
  if ('err' in asked) return recorder.fail('Error while sending a DNS query', { err: asked.err })
  succeeded(1)
  counts(recorder, asked.sections)
  const [answer, authority, additional] = asked.sections
  noteSerial(module, answer, recorder)
  const valid = module.validRcodes ?? ['NOERROR']
  if (!valid.some((name) => rcodeNumber(name) === asked.rcode))
    return recorder.fail('Invalid rcode', { rcode: rcodeName(asked.rcode) })
  return (
    follows(answer, module.answer, recorder) &&
    follows(authority, module.authority, recorder) &&
    follows(additional, module.additional, recorder)
  )
}
