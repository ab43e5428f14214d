import type { ConnRecord } from '#core/event/zeek-record.ts'

/** What a connection says about its client: it found nothing, it hardly said anything, or it was a conversation. */
export type Attempt = 'failed' | 'tiny' | 'conversation' | 'answered'

/** Payload up to which an answered connection may be a probe: a banner, a refusal, a redirect. */
const TINY_BYTES = 2048
const FAILED_STATES = new Set(['S0', 'REJ', 'RSTOS0'])
/** An open port that is left at once: how a half-open scan looks where somebody answers. */
const HALF_OPEN = new Set(['ShR', 'ShAR'])
/** Windows asks every neighbour for updates there, and most are not at home. */
const DELIVERY_OPTIMIZATION = 7680
/** ICMP echo request; Zeek shows the ICMP type as the client's port. */
const ECHO = 8

/** What a probe without a handshake leaves behind: FIN, ACK or nothing at all, and at most a refusal. */
const BARE = /^(?:[FA]r?|[Rr])$/

/**
 * A FIN, NULL, Xmas or ACK scan. The last packets of a conversation whose beginning was not seen look the same, but
 * come from the port of a service to one that a client chose.
 */
const isBareProbe = ({ state, history, clientPort, serverPort, clientBytes, serverBytes }: ConnRecord): boolean =>
  (history === undefined ? state === 'OTH' : BARE.test(history)) &&
  clientPort > LAST_SERVICE_PORT &&
  serverPort <= LAST_SERVICE_PORT &&
  clientBytes + serverBytes === 0
const LAST_SERVICE_PORT = 10_000

/** Only SYN, or SYN and a refusal; with a window of zero as well. */
const isUnanswered = (history: string): boolean =>
  history === 'S' || history === 'Sr' || history === 'SW' || history === 'SWr'

/** Judges one connection; undefined where the protocol gives no answer to tell by. */
export const attemptOf = (conn: ConnRecord): Attempt | undefined => {
  const { proto, state, history, serverPort } = conn
  if (proto === 'tcp') {
    if ((state === 'OTH' || state === 'RSTRH' || state === 'SH') && isBareProbe(conn)) return 'failed'
    // With a history the first packets decide: only SYN, or SYN and a refusal.
    const failed = history === undefined ? FAILED_STATES.has(state ?? '') : isUnanswered(history)
    if (failed && serverPort === DELIVERY_OPTIMIZATION) return undefined
    if (failed || HALF_OPEN.has(history ?? '') || state === 'RSTOS0') return 'failed'
    return conn.clientBytes <= TINY_BYTES && conn.serverBytes <= TINY_BYTES ? 'tiny' : 'conversation'
  }
  if (proto === 'udp') return state === 'S0' ? 'failed' : undefined
  if (proto !== 'icmp' || conn.clientPort !== ECHO || conn.serverPackets === undefined) return undefined
  return conn.serverPackets === 0 ? 'failed' : 'answered'
}
