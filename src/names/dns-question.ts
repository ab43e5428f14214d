import { because, type Cause } from '#core/cause/cause.ts'
import { readAnswer, writeQuery } from '#lib/net/dns-message.ts'
import type { Timer } from '#lib/time/timers.ts'
import type { Timing } from '#lib/time/timing.ts'
import { type AddressAnswer, addressesIn } from './address-answer.ts'
import type { NameServer, ResolvConf } from './resolv-conf.ts'
import type { ServerHealth } from './server-health.ts'
import { keyOf } from './server-key.ts'
import { exchangeByTcp } from './tcp-exchange.ts'
import { openUdpLane, type UdpLane } from './udp-lane.ts'

export type QuestionEnd =
  | AddressAnswer
  /** Nobody answered. */
  | { readonly kind: 'silent' }
  /** This machine could not ask. */
  | { readonly kind: 'fault'; readonly code: string }

type AddressType = 'A' | 'AAAA'

export interface Questions {
  /** Asks the servers one after the other until one says something. `onEnd` is called once, never at once, unless
   * it is called off. */
  ask(name: string, type: AddressType, conf: ResolvConf, onEnd: (end: QuestionEnd) => void): () => void
  close(): void
}

export interface QuestionsDeps {
  readonly timing: Timing
  readonly health: ServerHealth
  /** A server failed, or answered `name`. */
  readonly onFailed: (server: NameServer) => void
  readonly onAnswered: (server: NameServer, name: string, type: AddressType) => void
}

/** The first wait for a server whose pace is not known, as unbound has it; each round waits twice as long. */
const FIRST_WAIT_MS = 400
/** Nobody is asked for longer where the file does not say. */
const PATIENCE_MS = 5000
const USUAL_TIMEOUT_MS = 5000
const USUAL_ATTEMPTS = 2
const TCP_WAIT_MS = 2000
/** What passes every link (DNS flag day 2020). */
const UDP_SIZE = 1232

/** The wait of each try, ms, over all servers in turn. */
const findWaits = ({ timeoutMs, attempts, servers }: ResolvConf): readonly number[] => {
  const waits: number[] = []
  if (timeoutMs !== undefined) {
    const rounds = attempts ?? USUAL_ATTEMPTS
    return new Array<number>(Math.max(1, rounds) * servers.length).fill(timeoutMs)
  }
  let spent = 0
  for (let round = 0; attempts === undefined ? spent < PATIENCE_MS : round < Math.max(1, attempts); round++)
    for (let index = 0; index < servers.length; index++) {
      if (attempts === undefined && spent >= PATIENCE_MS) break
      const wait = Math.min(FIRST_WAIT_MS * 2 ** round, USUAL_TIMEOUT_MS)
      waits.push(wait)
      spent += wait
    }
  return waits
}

const WAITS = new WeakMap<ResolvConf, readonly number[]>()
const waitsOf = (conf: ResolvConf): readonly number[] => {
  const waits = WAITS.get(conf) ?? findWaits(conf)
  WAITS.set(conf, waits)
  return waits
}

const OWN_FAULTS = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])
const SILENT = because('does_not_answer')
const HOW: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: because('refuses_connection'),
  ENETUNREACH: because('cannot_be_reached'),
  EHOSTUNREACH: because('cannot_be_reached'),
}

/** A question that is under way. */
interface Asking {
  readonly name: string
  readonly type: AddressType
  readonly conf: ResolvConf
  readonly onEnd: (end: QuestionEnd) => void
  readonly servers: readonly NameServer[]
  readonly waits: readonly number[]
  /** What stops listening for the answers, of each query. */
  releases: readonly (() => void)[]
  /** Servers that cannot say, or are not there. */
  out: readonly NameServer[]
  refused: AddressAnswer | undefined
  edns: boolean
  tries: number
  over: boolean
  timer: Timer | undefined
}

/** One message of a question to a server; `at` in ms of the monotonic clock. */
interface Query {
  readonly asking: Asking
  readonly server: NameServer
  readonly at: number
  readonly message: Buffer
  /** Its answer did not fit, and is asked for by TCP: that a datagram comes twice is no reason to ask twice. */
  cut?: boolean
}

const NONE: readonly never[] = []

export const createQuestions = ({ timing, health, onFailed, onAnswered }: QuestionsDeps): Questions => {
  const { monotonic, timers } = timing
  const lanes = new Map<string, UdpLane>()
  const open = new Set<UdpLane>()
  let turn = 0

  const settle = (asking: Asking) => {
    if (asking.over) return
    asking.over = true
    timers.clear(asking.timer)
    for (const release of asking.releases) release()
  }

  const end = (asking: Asking, how: QuestionEnd) => {
    if (asking.over) return
    settle(asking)
    asking.onEnd(how)
  }

  const laneTo = (server: NameServer, own: boolean): UdpLane => {
    const key = keyOf(server)
    const present = lanes.get(key)
    if (present?.isOpen() && !own) return present
    const lane = openUdpLane(server, () => open.delete(lane), timers)
    open.add(lane)
    if (!own) lanes.set(key, lane)
    return lane
  }

  const giveUp = ({ server, at }: Pick<Query, 'server' | 'at'>, how: Cause) => {
    health.failed(server, at, how)
    onFailed(server)
  }

  const drop = (query: Query, how: Cause) => {
    const { asking, server } = query
    if (asking.over) return
    asking.out = [...asking.out, server]
    giveUp(query, how)
    timers.clear(asking.timer)
    next(asking)
  }

  const take = (query: Query, message: Buffer, byTcp: boolean) => {
    const { asking, server } = query
    const answer = readAnswer(message, query.message)
    // Anything that does not answer this very question is somebody else's, or forged: the wait goes on.
    if (!answer || asking.over) return
    if (answer.truncated && !byTcp) {
      if (!query.cut) sendByTcp(query, message)
      query.cut = true
      return
    }
    if (answer.rcode === 'FORMERR' && asking.edns) {
      asking.edns = false
      return send(asking, server)
    }
    const found = addressesIn(answer, asking.name, asking.type)
    if (found.kind !== 'refused') {
      health.answered(server)
      onAnswered(server, asking.name, asking.type)
      return end(asking, found)
    }
    asking.refused = found
    drop(query, because('answers', { rcode: found.rcode }))
  }

  const fail = (query: Query, { code = '' }: NodeJS.ErrnoException) => {
    if (OWN_FAULTS.has(code)) return end(query.asking, { kind: 'fault', code })
    drop(query, HOW[code] ?? SILENT)
  }

  /** By TCP; of an answer that was cut by UDP what came is better than nothing. */
  const sendByTcp = (query: Query, cut?: Buffer) => {
    const hear = (heard: Buffer | NodeJS.ErrnoException) => {
      if (query.asking.over) return
      if (Buffer.isBuffer(heard)) take(query, heard, true)
      else if (cut) take(query, cut, true)
      else fail(query, heard)
    }
    const off = exchangeByTcp(query.server, query.message, TCP_WAIT_MS, hear, timers)
    query.asking.releases = [...query.asking.releases, off]
  }

  const send = (asking: Asking, server: NameServer) => {
    const { name, type, conf, edns } = asking
    const message = writeQuery(0, name, type, edns ? UDP_SIZE : undefined)
    const query: Query = { asking, server, at: monotonic(), message }
    if (conf.overTcp) return sendByTcp(query)
    const hear = (heard: Buffer | NodeJS.ErrnoException) =>
      Buffer.isBuffer(heard) ? take(query, heard, false) : fail(query, heard)
    asking.releases = [...asking.releases, laneTo(server, conf.oneByOne).ask(message, hear)]
  }

  const next = (asking: Asking) => {
    const { servers, waits, out } = asking
    while (asking.tries < waits.length && out.includes(servers[asking.tries % servers.length]!)) asking.tries++
    if (asking.tries >= waits.length) return end(asking, asking.refused ?? { kind: 'silent' })
    const server = servers[asking.tries % servers.length]!
    const wait = waits[asking.tries++]!
    const at = monotonic()
    // Long before the wait is over it is found out whether the server answers anything.
    const giveUpThis = () => {
      giveUp({ server, at }, SILENT)
      if (wait <= FIRST_WAIT_MS) next(asking)
      else asking.timer = timers.after(wait - FIRST_WAIT_MS, () => next(asking))
    }
    asking.timer = timers.after(Math.min(wait, FIRST_WAIT_MS), giveUpThis)
    send(asking, server)
  }

  const ask: Questions['ask'] = (name, type, conf, onEnd) => {
    const shift = conf.rotate ? turn++ % conf.servers.length : 0
    const turned = shift === 0 ? conf.servers : [...conf.servers.slice(shift), ...conf.servers.slice(0, shift)]
    const asking: Asking = {
      name,
      type,
      conf,
      onEnd,
      servers: health.inOrder(turned),
      waits: waitsOf(conf),
      releases: NONE,
      out: NONE,
      refused: undefined,
      edns: conf.edns,
      tries: 0,
      over: false,
      timer: undefined,
    }
    next(asking)
    return () => settle(asking)
  }

  return {
    ask,
    close: () => {
      for (const lane of [...open]) lane.close()
    },
  }
}
