import type { ConnRecord } from '#core/event/zeek-record.ts'
import { createDistinctCounter, type DistinctCounter } from '#lib/sketch/distinct-counter.ts'
import { hashText, mixHash } from '#lib/sketch/hash.ts'

/**
 * What one client did within five minutes, as numbers that mean the same on every network: no address and no port above
 * 1024 is among them, for a model learns those by heart. This is where a classifier of flows of our own will look.
 */
export interface FlowFeatures {
  readonly connections: number
  readonly servers: number
  readonly ports: number
  /** Shares of the connections, 0 to 1. */
  readonly failed: number
  readonly inbound: number
  readonly udp: number
  readonly sameServer: number
  /** 1 for a clock, 0 for intervals as uneven as chance makes them. */
  readonly regularity: number
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Mean seconds. */
  readonly duration: number
}

export const FLOW_WINDOW_MS = 5 * 60_000

export interface FlowWindow {
  add(conn: ConnRecord, inbound: boolean): void
  features(): FlowFeatures
}

const FAILED = new Set(['S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR'])

/** Mean, and how far from it, of numbers that are not kept (Welford). */
const createSpread = () => {
  let count = 0
  let mean = 0
  let squares = 0
  return {
    add: (value: number) => {
      count++
      const distance = value - mean
      mean += distance / count
      squares += distance * (value - mean)
    },
    /** Deviation by mean; 1 is what chance makes of moments without memory. */
    unevenness: () => (count < 2 || mean === 0 ? 1 : Math.sqrt(squares / (count - 1)) / mean),
  }
}

/** Gathers the features of one client and window in about two kilobytes. */
export const createFlowWindow = (): FlowWindow => {
  const servers: DistinctCounter = createDistinctCounter()
  const ports: DistinctCounter = createDistinctCounter()
  const intervals = createSpread()
  const sum = { connections: 0, failed: 0, inbound: 0, udp: 0, sent: 0, received: 0, durationMs: 0, sameServer: 0 }
  let lastMs: number | undefined
  let lastServer = ''
  return {
    add: (conn, inbound) => {
      sum.connections++
      if (FAILED.has(conn.state ?? '')) sum.failed++
      if (inbound) sum.inbound++
      if (conn.proto === 'udp') sum.udp++
      if (conn.serverIp === lastServer) sum.sameServer++
      sum.sent += conn.clientBytes
      sum.received += conn.serverBytes
      sum.durationMs += conn.durationMs
      servers.add(hashText(conn.serverIp))
      ports.add(mixHash(conn.serverPort + 1))
      if (lastMs !== undefined) intervals.add(Math.max(0, conn.timeMs - lastMs))
      lastMs = conn.timeMs
      lastServer = conn.serverIp
    },
    features: () => {
      const of = (part: number): number => (sum.connections === 0 ? 0 : part / sum.connections)
      return {
        connections: sum.connections,
        servers: servers.estimate(),
        ports: ports.estimate(),
        failed: of(sum.failed),
        inbound: of(sum.inbound),
        udp: of(sum.udp),
        sameServer: of(sum.sameServer),
        regularity: Math.max(0, 1 - intervals.unevenness()),
        bytesSent: sum.sent,
        bytesReceived: sum.received,
        duration: of(sum.durationMs) / 1000,
      }
    },
  }
}
