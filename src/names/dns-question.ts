import { readAnswer, writeQuery } from '#lib/net/dns-message.ts'
import { type AddressAnswer, addressesIn } from './address-answer.ts'
import type { NameServer, ResolvConf } from './resolv-conf.ts'
import type { ServerHealth } from './server-health.ts'
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
  /** Asks the servers one after the other until one says something. `onEnd` is called once, unless it is called off. */
  ask(name: string, type: AddressType, conf: ResolvConf, onEnd: (end: QuestionEnd) => void): () => void
  close(): void
}

export interface QuestionsDeps {
  readonly monotonic: () => number
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
const waitsOf = ({ timeoutMs, attempts, servers }: ResolvConf): readonly number[] => {
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

const OWN_FAULTS = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  ENETUNREACH: 'cannot be reached',
  EHOSTUNREACH: 'cannot be reached',
}

export const createQuestions = ({ monotonic, health, onFailed, onAnswered }: QuestionsDeps): Questions => {
  const lanes = new Map<string, UdpLane>()
  const open = new Set<UdpLane>()
  let turn = 0

  const laneTo = (server: NameServer, own: boolean): UdpLane => {
    const key = `${server.host} ${server.port}`
    const present = lanes.get(key)
    if (present?.isOpen() && !own) return present
    const lane = openUdpLane(server, () => open.delete(lane))
    open.add(lane)
    if (!own) lanes.set(key, lane)
    return lane
  }

  const ask: Questions['ask'] = (name, type, conf, onEnd) => {
    const shift = conf.rotate ? turn++ % conf.servers.length : 0
    const turned = shift === 0 ? conf.servers : [...conf.servers.slice(shift), ...conf.servers.slice(0, shift)]
    const servers = health.inOrder(turned)
    const waits = waitsOf(conf)
    const releases: (() => void)[] = []
    /** Servers that cannot say, or are not there. */
    const out = new Set<NameServer>()
    let refused: AddressAnswer | undefined
    let edns = conf.edns
    let tries = 0
    let over = false
    let timer: NodeJS.Timeout | undefined

    const settle = () => {
      over = true
      clearTimeout(timer)
      for (const release of releases) release()
    }
    const end = (how: QuestionEnd) => {
      if (over) return
      settle()
      onEnd(how)
    }

    const giveUp = (server: NameServer, askedAt: number, how: string) => {
      health.failed(server, askedAt, how)
      onFailed(server)
    }
    const drop = (server: NameServer, askedAt: number, how: string) => {
      if (over) return
      out.add(server)
      giveUp(server, askedAt, how)
      clearTimeout(timer)
      next()
    }

    const take = (server: NameServer, askedAt: number, query: Buffer, message: Buffer, byTcp: boolean) => {
      const answer = readAnswer(message, query)
      // Anything that does not answer this very question is somebody else's, or forged: the wait goes on.
      if (!answer || over) return
      if (answer.truncated && !byTcp) return void sendByTcp(server, askedAt, query, message)
      if (answer.rcode === 'FORMERR' && edns) {
        edns = false
        return void send(server)
      }
      const found = addressesIn(answer, name, type)
      if (found.kind !== 'refused') {
        health.answered(server)
        onAnswered(server, name, type)
        return end(found)
      }
      refused = found
      drop(server, askedAt, `answers ${found.rcode}`)
    }

    const fail = (server: NameServer, askedAt: number, error: NodeJS.ErrnoException) => {
      const code = error.code ?? ''
      if (OWN_FAULTS.has(code)) return end({ kind: 'fault', code })
      drop(server, askedAt, WORDS[code] ?? 'does not answer')
    }

    /** By TCP; of an answer that was cut by UDP what came is better than nothing. */
    const sendByTcp = (server: NameServer, askedAt: number, query: Buffer, cut?: Buffer) => {
      const off = exchangeByTcp(server, query, TCP_WAIT_MS, (heard) => {
        if (over) return
        if (Buffer.isBuffer(heard)) take(server, askedAt, query, heard, true)
        else if (cut) take(server, askedAt, query, cut, true)
        else fail(server, askedAt, heard)
      })
      releases.push(off)
    }

    const send = (server: NameServer) => {
      const askedAt = monotonic()
      if (conf.overTcp) return sendByTcp(server, askedAt, writeQuery(0, name, type, edns ? UDP_SIZE : undefined))
      let query: Buffer
      const write = (id: number) => {
        query = writeQuery(id, name, type, edns ? UDP_SIZE : undefined)
        return query
      }
      const hear = (heard: Buffer | NodeJS.ErrnoException) =>
        Buffer.isBuffer(heard) ? take(server, askedAt, query, heard, false) : fail(server, askedAt, heard)
      releases.push(laneTo(server, conf.oneByOne).ask(write, hear))
    }

    const next = () => {
      while (tries < waits.length && out.has(servers[tries % servers.length]!)) tries++
      if (tries >= waits.length) return end(refused ?? { kind: 'silent' })
      const server = servers[tries % servers.length]!
      const wait = waits[tries++]!
      const askedAt = monotonic()
      // Long before the wait is over it is found out whether the server answers anything.
      timer = setTimeout(
        () => {
          giveUp(server, askedAt, 'does not answer')
          if (wait <= FIRST_WAIT_MS) next()
          else timer = setTimeout(next, wait - FIRST_WAIT_MS)
        },
        Math.min(wait, FIRST_WAIT_MS),
      )
      send(server)
    }
    next()
    return settle
  }

  return {
    ask,
    close: () => {
      for (const lane of [...open]) lane.close()
    },
  }
}
