import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { connectDatagram } from '#lib/net/connect-datagram.ts'
import { RECORD_TYPES, readAnswer, writeQuery } from '#lib/net/dns-message.ts'
import { wireName } from '#lib/net/wire-name.ts'
import { own } from '#lib/own.ts'
import { chooseAddress, LAST_PORT, splitTarget } from './address.ts'
import type { DnsModule, RecordRules } from './module.ts'
import type { BlackboxProber } from './prober.ts'
import type { Recorder } from './recorder.ts'
import { matches } from './regex.ts'

/** Types that may be asked for beside those whose values are read. */
const MORE_TYPES: Readonly<Record<string, number>> = {
  ANY: 255,
  DS: 43,
  DNSKEY: 48,
  HTTPS: 65,
  SVCB: 64,
  TLSA: 52,
  NAPTR: 35,
}
const RECURSION_AT = 2
const RECURSION_BIT = 1
const COUNTS_AT = 6
const DURATION = ['probe_dns_duration_seconds', 'Duration of the DNS request by phase.'] as const
const NAMES = new Set(['NS', 'CNAME', 'PTR', 'MX', 'SRV'])

/** The number of a record type; undefined when it is not known. */
export const typeNumber = (type: string): number | undefined =>
  own(RECORD_TYPES as Readonly<Record<string, number>>, type) ?? own(MORE_TYPES, type)

const queryOf = ({ name, type, recursion }: DnsModule): Buffer => {
  const query = writeQuery(randomInt(65_536), wireName(name), 'A')
  query.writeUInt16BE(typeNumber(type)!, query.length - 4)
  if (!recursion) query[RECURSION_AT]! &= ~RECURSION_BIT
  return query
}

interface Reply {
  readonly rcode: string
  /** Records of the three sections as text: `example.com.	300	IN	A	192.0.2.1`. */
  readonly sections: readonly [answer: string[], authority: string[], additional: string[]]
  readonly serial: number | undefined
}

/** Reads all three sections at once: to the reader, which knows one, they are one long section. */
const readReply = (message: Buffer, query: Buffer): Reply | undefined => {
  if (message.length < 12) return undefined
  const counts = [0, 2, 4].map((offset) => message.readUInt16BE(COUNTS_AT + offset))
  const joined = Buffer.from(message)
  joined.writeUInt16BE(Math.min(0xffff, counts[0]! + counts[1]! + counts[2]!), COUNTS_AT)
  const read = readAnswer(joined, query)
  if (!read) return undefined
  const lines = read.records.map(({ name, type, ttl, value }) => {
    const written = type === 'TXT' ? `"${value}"` : NAMES.has(type) ? `${value}.` : value
    return `${name === '.' ? '' : name}.\t${ttl}\tIN\t${type}\t${written}`
  })
  const [answers, authorities] = [counts[0]!, counts[0]! + counts[1]!]
  const soa = read.records.find(({ type }) => type === 'SOA')
  return {
    rcode: read.rcode,
    sections: [lines.slice(0, answers), lines.slice(answers, authorities), lines.slice(authorities)],
    serial: soa === undefined ? undefined : Number(soa.value.split(' ')[2]),
  }
}

type Asked = Reply | { readonly err: string }

const overUdp = (
  query: Buffer,
  address: string,
  port: number,
  signal: AbortSignal,
  connected: () => void,
): Promise<Asked> =>
  new Promise((resolve) => {
    const socket = createSocket(isIPv6(address.split('%')[0]!) ? 'udp6' : 'udp4')
    let open = true
    const end = (asked: Asked) => {
      signal.removeEventListener('abort', late)
      if (open) socket.close()
      open = false
      resolve(asked)
    }
    const late = () => end({ err: 'timeout' })
    socket.on('error', ({ message }) => end({ err: message }))
    socket.on('message', (message) => {
      const reply = readReply(message, query)
      if (reply) end(reply)
    })
    if (signal.aborted) return late()
    signal.addEventListener('abort', late, { once: true })
    connectDatagram(socket, port, address, (error) => {
      if (error) return end({ err: error.message })
      connected()
      socket.send(query)
    })
  })

const overTcp = (
  query: Buffer,
  address: string,
  port: number,
  signal: AbortSignal,
  connected: () => void,
): Promise<Asked> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port })
    let received: Buffer = Buffer.alloc(0)
    const end = (asked: Asked) => {
      signal.removeEventListener('abort', late)
      socket.destroy()
      resolve(asked)
    }
    const late = () => end({ err: 'timeout' })
    const length = Buffer.alloc(2)
    length.writeUInt16BE(query.length)
    socket.once('connect', () => {
      connected()
      socket.write(Buffer.concat([length, query]))
    })
    socket.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      end(readReply(received.subarray(2, 2 + received.readUInt16BE(0)), query) ?? { err: 'not an answer' })
    })
    socket.on('error', ({ message }) => end({ err: message }))
    socket.once('close', () => end({ err: 'connection closed' }))
    if (signal.aborted) late()
    else signal.addEventListener('abort', late, { once: true })
  })

/**
 * Checks the records of a section as the original does: a section without records breaks what wants a match, and
 * `fail_if_all_match_regexp` fails, whatever its name says, where some record does not match all of its patterns.
 */
const follows = (records: readonly string[], rules: RecordRules, recorder: Recorder): boolean => {
  const any = (pattern: string) => records.some((record) => matches(pattern, record))
  const all = (pattern: string) => records.length > 0 && records.every((record) => matches(pattern, record))
  const { failIfMatches, failIfAllMatch, failIfNotMatches, failIfNoneMatches: none } = rules
  const broken =
    failIfMatches.find(any) ??
    failIfNotMatches.find((pattern) => !all(pattern)) ??
    failIfAllMatch.find((pattern) => records.length > 0 && !all(pattern))
  if (broken !== undefined) return recorder.fail('RRs validation failed', { regexp: broken })
  if (none.length > 0 && !none.some(any)) return recorder.fail('RRs validation failed', { regexp: none.join(' ') })
  return true
}

/** One question to the target, which is the name server. */
export const probeDns: BlackboxProber<DnsModule> = async (module, target, { tools, signal }, recorder) => {
  for (const phase of ['resolve', 'connect', 'request']) recorder.set(...DURATION, 0, `{phase="${phase}"}`)
  const record = (what: string, of: string, count: number) =>
    recorder.set(`probe_dns_${what}_rrs`, `Records in the ${of} section.`, count)
  record('answer', 'answer', 0)
  record('authority', 'authority', 0)
  record('additional', 'additional', 0)
  const succeeded = (value: number) => recorder.set('probe_dns_query_succeeded', 'Whether an answer came.', value)
  succeeded(0)
  const { host, port = 53 } = splitTarget(target)
  const chosen = await chooseAddress(host, module, tools, signal, recorder)
  if (!chosen) return false
  recorder.set(...DURATION, chosen.seconds, '{phase="resolve"}')
  if (port > LAST_PORT) return recorder.fail('Error while sending a DNS query', { err: `invalid port ${port}` })
  let mark = performance.now()
  const lap = (phase: string) => {
    recorder.set(...DURATION, (performance.now() - mark) / 1000, `{phase="${phase}"}`)
    mark = performance.now()
  }
  const ask = module.transport === 'tcp' ? overTcp : overUdp
  const asked = await ask(queryOf(module), chosen.address, port, signal, () => lap('connect'))
  lap('request')
  if ('err' in asked) return recorder.fail('Error while sending a DNS query', { err: asked.err })
  succeeded(1)
  const [answer, authority, additional] = asked.sections
  record('answer', 'answer', answer.length)
  record('authority', 'authority', authority.length)
  record('additional', 'additional', additional.length)
  if (asked.serial !== undefined) recorder.set('probe_dns_serial', 'Serial number of the zone.', asked.serial)
  const rcodes = module.validRcodes.length > 0 ? module.validRcodes : ['NOERROR']
  if (!rcodes.includes(asked.rcode)) return recorder.fail('Invalid rcode', { rcode: asked.rcode })
  return (
    follows(answer, module.answer, recorder) &&
    follows(authority, module.authority, recorder) &&
    follows(additional, module.additional, recorder)
  )
}
