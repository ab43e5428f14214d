import type { ConnRecord } from '#core/event/zeek-record.ts'

/** One connection as it is made up: what is not said is as in the plainest connection of its kind. */
export interface MadeConn extends Partial<ConnRecord> {
  readonly at: number
  readonly clientIp: string
  readonly serverIp: string
  readonly serverPort: number
  readonly malicious: boolean
}

/** Chance, and what is drawn from it; one seed gives one world. */
export interface Dice {
  readonly next: () => number
  readonly between: (low: number, high: number) => number
  /** Even on a scale of factors: as often from 1 to 10 as from 10 to 100. */
  readonly scale: (low: number, high: number) => number
  readonly whole: (low: number, high: number) => number
  readonly pick: <T>(from: readonly T[]) => T
  readonly chance: (share: number) => boolean
}

export const diceOf = (next: () => number): Dice => {
  const between = (low: number, high: number) => low + (high - low) * next()
  return {
    next,
    between,
    scale: (low, high) => Math.exp(between(Math.log(low), Math.log(high))),
    whole: (low, high) => Math.floor(between(low, high + 1)),
    pick: (from) => from[Math.floor(next() * from.length)]!,
    chance: (share) => next() < share,
  }
}

export type Talk = Pick<
  ConnRecord,
  | 'proto'
  | 'service'
  | 'state'
  | 'history'
  | 'durationMs'
  | 'clientBytes'
  | 'serverBytes'
  | 'clientIpBytes'
  | 'clientPackets'
  | 'serverPackets'
>

const HEAD = { tcp: 44, udp: 28, icmp: 28 } as const

/** A conversation of some bytes, in packets as networks carry them. */
export const talk = (
  proto: 'tcp' | 'udp' | 'icmp',
  sent: number,
  received: number,
  seconds: number,
  more: Partial<Talk> = {},
): Talk => {
  const handshake = proto === 'tcp' ? 3 : 0
  const packets = (bytes: number) => Math.max(bytes > 0 ? 1 : 0, Math.ceil(bytes / 1200))
  const clientPackets = packets(sent) + handshake + (proto === 'tcp' ? Math.floor(packets(received) / 2) : 0)
  return {
    proto,
    service: undefined,
    state: 'SF',
    history: proto === 'tcp' ? 'ShADadFf' : received > 0 ? 'Dd' : 'D',
    durationMs: Math.round(seconds * 1000),
    clientBytes: Math.round(sent),
    serverBytes: Math.round(received),
    clientPackets,
    clientIpBytes: Math.round(sent) + clientPackets * HEAD[proto],
    serverPackets: packets(received) + (received > 0 || proto === 'tcp' ? handshake : 0),
    ...more,
  }
}

/** Nobody answers: a few packets without an echo. */
export const unanswered = (proto: 'tcp' | 'udp', tries: number, bytes = 0): Talk =>
  talk(proto, bytes, 0, tries > 1 ? 2 ** (tries - 1) - 1 : 0, {
    state: 'S0',
    history: proto === 'tcp' ? 'S' : 'D',
    clientPackets: tries,
    clientIpBytes: tries * ((proto === 'tcp' ? 48 : 28) + bytes),
    clientBytes: proto === 'tcp' ? 0 : bytes * tries,
    serverPackets: 0,
  })

/** The door is shut. */
export const refused = (): Talk =>
  talk('tcp', 0, 0, 0.02, { state: 'REJ', history: 'Sr', clientPackets: 1, clientIpBytes: 48, serverPackets: 1 })
