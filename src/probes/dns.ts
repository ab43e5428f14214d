import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { getServers } from 'node:dns'
import { connect, isIP, isIPv6 } from 'node:net'
import { because } from '#core/cause/cause.ts'
import { defineProbe, type ProbeTools } from '#core/probe.ts'
import type { ProbeError } from '#core/result/result.ts'
import { says } from '#core/said.ts'
import { connectDatagram } from '#lib/net/connect-datagram.ts'
import { type DnsAnswer, RECORD_TYPES, type RecordType, readAnswer, writeQuery } from '#lib/net/dns-message.ts'
import { wireName } from '#lib/net/wire-name.ts'
import { done, failed, type Result } from '#lib/result.ts'
import { Type } from '#lib/schema.ts'
import type { Timer } from '#lib/time/timers.ts'
import { hostOf, place } from './fields.ts'
import { resolverError } from './network-error.ts'
import { createTracer } from './tracer.ts'

/** Written out as a tuple type, so that the schema knows its members. */
const recordTypeLiterals = Object.keys(RECORD_TYPES).map((type) => Type.Literal(type)) as unknown as [
  ReturnType<typeof Type.Literal<RecordType>>,
]

type Asked = Result<DnsAnswer, ProbeError>
/** How often it was asked, and how long the query that was answered took, ms. */
type AskedByUdp = Asked & { readonly times: number; readonly ms: number }

const noAnswer = (resolver: string): Asked =>
  failed({ code: 'timeout', cause: because('resolver_unanswered', { resolver }) })

interface Place {
  readonly host: string
  readonly port: number
}

/** Address and port of a resolver: `192.0.2.1`, `192.0.2.1:5353`, `[2001:db8::1]:5353`, `2001:db8::1`. */
const resolverPlace = (text: string): Place | undefined => {
  if (isIP(text)) return { host: text, port: 53 }
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return host !== undefined && isIP(host) && port > 0 && port < 65_536 ? { host, port } : undefined
}

/** What the largest answer by UDP may be: it passes every link (DNS flag day 2020). */
const UDP_SIZE = 1232
/** What is said by who does not know EDNS, or not this version of it. */
const WITHOUT_EDNS = new Set(['FORMERR', 'NOTIMP'])

/**
 * Asks with the first query, and with the second one after `againMs`: a datagram that is lost is no outage. The first one says
 * how large an answer may be; who does not take it is asked by the second at once.
 */
const overUdp = (
  queries: readonly [Buffer, Buffer],
  { host, port }: Place,
  againMs: number,
  timers: ProbeTools['timers'],
  signal: AbortSignal,
): Promise<AskedByUdp> =>
  new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    const resolver = place(host, port)
    const sentAt: number[] = []
    let again: Timer | undefined
    let open = true
    const end = (asked: Asked, sent = sentAt[0]) => {
      signal.removeEventListener('abort', abort)
      timers.clear(again)
      if (open) socket.close()
      open = false
      resolve({ ...asked, times: sentAt.length, ms: sent === undefined ? 0 : performance.now() - sent })
    }
    const abort = () => end(noAnswer(resolver))
    const lost = (error: NodeJS.ErrnoException) => end(failed(resolverError(error, resolver)))
    const send = (query: Buffer) => {
      sentAt.push(performance.now())
      socket.send(query)
    }
    socket.on('error', lost)
    // Anything that does not answer this very question is somebody else's, or forged: the wait goes on.
    socket.on('message', (message) => {
      for (const [index, sent] of sentAt.entries()) {
        const answer = readAnswer(message, queries[index]!)
        if (!answer) continue
        if (index > 0 || !WITHOUT_EDNS.has(answer.rcode)) return end(done(answer), sent)
        timers.clear(again)
        if (sentAt.length === 1) send(queries[1])
        return
      }
    })
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    // A connected socket hears only the resolver itself, and a closed port as an error.
    connectDatagram(socket, port, host, (error) => {
      if (!open) return
      if (error) return lost(error)
      send(queries[0])
      again = timers.after(againMs, () => send(queries[1]))
    })
  })

const overTcp = (query: Buffer, { host, port }: Place, signal: AbortSignal): Promise<Asked> =>
  new Promise((resolve) => {
    const resolver = place(host, port)
    const socket = connect({ host, port })
    let received: Buffer = Buffer.alloc(0)
    const end = (asked: Asked) => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      resolve(asked)
    }
    const abort = () => end(noAnswer(resolver))
    const prefix = Buffer.alloc(2)
    prefix.writeUInt16BE(query.length)
    socket.once('connect', () => socket.write(Buffer.concat([prefix, query])))
    socket.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      const answer = readAnswer(received.subarray(2, 2 + received.readUInt16BE(0)), query)
      end(
        answer
          ? done(answer)
          : failed({ code: 'protocol_error', cause: because('resolver_answered_otherwise', { resolver }) }),
      )
    })
    socket.on('error', (error) => end(failed(resolverError(error, resolver))))
    socket.once('close', () => end(failed({ code: 'reset', cause: because('resolver_closed', { resolver }) })))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })

/** What a record holds that is a text is compared as it stands. */
const TEXTS = new Set(['TXT', 'CAA'])

/** Names compare without case and final dot, and as the DNS has them; addresses in one spelling. */
const normal = (value: string, type: string): string => {
  if (TEXTS.has(type)) return value
  const text = value.trim().toLowerCase().replace(/\.$/, '')
  if (isIPv6(text)) return new URL(`http://[${text}]`).hostname.slice(1, -1)
  return text
    .split(' ')
    .map((part) => wireName(part) || part)
    .join(' ')
}

const verdict = (
  answer: DnsAnswer,
  name: string,
  type: string,
  expect: readonly string[] | undefined,
): ProbeError | undefined => {
  if (answer.rcode === 'NXDOMAIN') {
    const alias = answer.records.findLast((record) => record.type === 'CNAME')?.value
    const cause = alias === undefined ? because('name_missing', { name }) : because('alias_broken', { name, alias })
    return { code: 'dns_not_found', cause }
  }
  if (answer.rcode !== 'NOERROR')
    return { code: 'dns_failed', cause: because('resolver_answered', { rcode: answer.rcode, name }) }
  const values = answer.records.filter((record) => record.type === type).map(({ value }) => value)
  if (values.length === 0) return { code: 'dns_not_found', cause: because('no_record', { name, type }) }
  const present = new Set(values.map((value) => normal(value, type)))
  const missing = expect?.filter((value) => !present.has(normal(value, type))) ?? []
  if (missing.length === 0) return undefined
  const facts = { name, type, values: values.join(', ').slice(0, 200), missing: missing.join(', ') }
  return { code: 'answer_mismatch', cause: because('record_missing', facts) }
}

/** By the settings in force, as every name of this machine is looked up. */
const machinesOwn = ({ nameServer }: Pick<ProbeTools, 'nameServer'>): Place =>
  nameServer?.() ?? resolverPlace(getServers()[0] ?? '') ?? { host: '127.0.0.1', port: 53 }

/** The part of the time-out after which it is asked once more. */
const ASKED_AGAIN = 0.5

/** The question twice, with an id for each; undefined for what can be no name. */
const queriesFor = (name: string, type: RecordType): readonly [Buffer, Buffer] | undefined => {
  const id = randomInt(65_536)
  const wire = wireName(name)
  if (wire === '' && name !== '.') return undefined
  try {
    return [writeQuery(id, wire, type, UDP_SIZE), writeQuery((id + 1 + randomInt(65_535)) % 65_536, wire, type)]
  } catch {
    return undefined
  }
}

export const dns = defineProbe({
  name: 'dns',
  title: 'DNS query',
  'x-es': { title: 'Consulta DNS' },
  defaultTimeoutMs: 2000,
  options: Type.Object(
    {
      name: Type.String({
        title: 'Name',
        description: 'Name to ask for',
        'x-es': { title: 'Nombre', description: 'Nombre por el que preguntar' },
        minLength: 1,
        maxLength: 253,
        pattern: '^[^\\s/]+$',
      }),
      type: Type.Optional(
        Type.Union(recordTypeLiterals, {
          title: 'Record type',
          description: 'A, AAAA, CNAME, MX, NS, TXT, SOA, PTR, SRV or CAA',
          'x-es': { title: 'Tipo de registro', description: 'A, AAAA, CNAME, MX, NS, TXT, SOA, PTR, SRV o CAA' },
          default: 'A',
        }),
      ),
      resolver: Type.Optional(
        Type.String({
          title: 'Resolver',
          description:
            'Address of the server to ask, with :port where it is not 53; default: the first one of this machine',
          'x-es': {
            title: 'Servidor DNS',
            description:
              'Dirección del servidor al que preguntar, con :puerto si no es 53; si falta, el primero de esta máquina',
          },
          minLength: 1,
        }),
      ),
      expect: Type.Optional(
        Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })], {
          title: 'Expected',
          description: 'Values that must be among the answers',
          'x-es': { title: 'Esperado', description: 'Valores que deben estar entre las respuestas' },
        }),
      ),
    },
    { additionalProperties: false },
  ),
  describe: ({ name, type = 'A', resolver }) => `${name} ${type}${resolver === undefined ? '' : ` @${resolver}`}`,
  fromTarget: (url) => {
    if (url.protocol !== 'dns:' || url.hostname === '' || !['', '/'].includes(url.pathname)) return undefined
    const type = url.searchParams.get('type')?.toUpperCase()
    const resolver = url.searchParams.get('resolver')
    return { name: hostOf(url), ...(type && { type: type as RecordType }), ...(resolver && { resolver }) }
  },
  check: ({ resolver }) =>
    resolver !== undefined && !resolverPlace(resolver)
      ? says(
          `resolver: ${resolver} is not an address; write 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53`,
          `resolver: ${resolver} no es una dirección; escriba 192.0.2.1, 192.0.2.1:5353 o [2001:db8::1]:53`,
        )
      : undefined,
  hosts: ({ resolver }) => (resolver === undefined ? [] : [resolverPlace(resolver)?.host ?? resolver]),
  run: async ({ name, type = 'A', resolver: chosen, expect }, context) => {
    const tracer = createTracer(context.trace)
    const target = chosen === undefined ? machinesOwn(context.tools) : resolverPlace(chosen)
    if (!target)
      return { ok: false, error: { code: 'bad_address', cause: because('resolver_no_address', { resolver: chosen! }) } }
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(context.timeoutMs)])
    // It is an address already, but one that the tools may refuse. The machine's own resolver is nobody's choice.
    const reached = chosen === undefined ? undefined : await context.tools.resolve(target.host, 0, signal)
    if (reached && 'code' in reached) return { ok: false, error: reached }
    const started = performance.now()
    const queries = queriesFor(name, type)
    if (!queries) return { ok: false, error: { code: 'bad_address', cause: because('not_a_name', { name }) } }
    const byUdp = await overUdp(queries, target, context.timeoutMs * ASKED_AGAIN, context.tools.timers, signal)
    let asked: Asked = byUdp
    tracer.step('query', performance.now() - started, {
      resolver: place(target.host, target.port),
      ...(byUdp.times > 1 && { asked: byUdp.times }),
      ...(!asked.ok && { error: asked.problem.cause }),
    })
    const answeredFrom = performance.now() - byUdp.ms
    if (asked.ok && asked.value.truncated) {
      const byTcp = await overTcp(queries[1], target, signal)
      const resolver = place(target.host, target.port)
      asked = byTcp.ok
        ? byTcp
        : failed({ ...byTcp.problem, cause: because('answer_cut', { resolver, cause: byTcp.problem.cause }) })
      tracer.step('query over TCP', performance.now() - started, {
        ...(!asked.ok && { error: asked.problem.cause }),
      })
    }
    if (!asked.ok) return { ok: false, error: asked.problem, ...tracer.steps() }
    const answer = asked.value
    const latencyMs = performance.now() - answeredFrom
    const problem = verdict(answer, name, type, expect === undefined ? undefined : [expect].flat())
    const values = answer.records.filter((record) => record.type === type).map(({ value }) => value)
    tracer.step('answer', 0, {
      rcode: answer.rcode,
      records: values.join(', '),
      ...(problem && { error: problem.cause }),
    })
    return {
      ok: !problem,
      latencyMs,
      ...(problem && { error: problem }),
      facts: { rcode: answer.rcode, records: values },
      ...tracer.steps(),
    }
  },
  // Its phases are timed on this thread: more at once would time one another.
  together: 8,
})
