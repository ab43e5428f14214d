import type { PingReply, PingRequest, PingRounds, ReportRound, RoundFault } from '#core/probe.ts'
import { putAt } from '#lib/sketch/put-at.ts'
import type { Pacer } from '../schedule/pacer.ts'
import { type Destination, destinationOf } from '../tcp/destination.ts'
import type { IcmpRounds } from './icmp-rounds.ts'
import type { Family } from './icmp-socket.ts'
import { unfitFault } from './send-errors.ts'

export interface PingSockets extends Readonly<Record<Family, IcmpRounds | undefined>> {
  /** The socket that sends from an address of this machine, or why there is none. */
  readonly from: (source: string) => IcmpRounds | RoundFault
}
/** Where a family has no socket: the system's command. */
export type PingCommand = (request: PingRequest, signal: AbortSignal) => Promise<PingReply>

const NONE = new Float64Array(0)

/** The socket of a destination; undefined where the system's command must do. */
const socketOf = (sockets: PingSockets, { family, source }: Destination): IcmpRounds | RoundFault | undefined => {
  const shared = sockets[family]
  return shared && source !== undefined ? sockets.from(source) : shared
}

const isSocket = (found: IcmpRounds | RoundFault): found is IcmpRounds => 'begin' in found

/** One ping at a time for who wants a promise: `vigia check`, traces, and types that ping beside their own work. */
export const createPing =
  (sockets: PingSockets, command: PingCommand, pacer: Pacer) =>
  (request: PingRequest, signal: AbortSignal): Promise<PingReply> => {
    const destination = destinationOf(request, pacer)
    if (destination.unfit) return Promise.resolve({ rtts: [], ...unfitFault(destination.unfit) })
    const rounds = socketOf(sockets, destination)
    if (!rounds) return command(request, signal)
    if (!isSocket(rounds)) return Promise.resolve({ rtts: [], ...rounds })
    if (signal.aborted) return Promise.resolve({ rtts: [] })
    if (request.hops) rounds.wantHops()
    return new Promise((resolve) => {
      const row = rounds.begin(destination, 0, (_, rtts, count, fault) => {
        signal.removeEventListener('abort', abort)
        const hopLimit = request.hops ? rounds.hopsLeft() : Number.NaN
        resolve({
          rtts: Array.from(rtts.subarray(0, count)),
          ...(!Number.isNaN(hopLimit) && { hopLimit }),
          ...fault,
        })
      })
      const abort = () => rounds.end(row)
      signal.addEventListener('abort', abort, { once: true })
    })
  }

/** Rounds of many slots over the shared sockets. */
export const createPingRounds =
  (sockets: PingSockets, command: PingCommand, pacer: Pacer) =>
  (report: ReportRound): PingRounds => {
    const destinations: (Destination | undefined)[] = []
    const rows: (number | undefined)[] = []
    /** By which socket each slot's round went. */
    const ways: (IcmpRounds | undefined)[] = []
    const commands = new Map<number, AbortController>()

    const done = (slot: number, rtts: Float64Array, count: number, fault: RoundFault | undefined) => {
      rows[slot] = undefined
      report(slot, rtts, count, fault)
    }

    const byCommand = (slot: number, request: PingRequest) => {
      const controller = new AbortController()
      commands.set(slot, controller)
      command(request, controller.signal).then(({ rtts, ...fault }) => {
        if (commands.get(slot) !== controller) return
        commands.delete(slot)
        report(slot, Float64Array.from(rtts), rtts.length, fault)
      })
    }

    const cancel = (slot: number) => {
      const row = rows[slot]
      if (row !== undefined) ways[slot]!.cancel(row)
      rows[slot] = undefined
      commands.get(slot)?.abort()
      commands.delete(slot)
    }

    return {
      start: (slot, request) => {
        let destination = destinations[slot]
        if (destination?.request !== request) {
          destination = destinationOf(request, pacer)
          putAt(destinations, slot, destination)
        }
        if (destination.unfit) return report(slot, NONE, 0, unfitFault(destination.unfit))
        const rounds = socketOf(sockets, destination)
        if (!rounds) return byCommand(slot, request)
        if (!isSocket(rounds)) return report(slot, NONE, 0, rounds)
        putAt(ways, slot, rounds)
        putAt(rows, slot, rounds.begin(destination, slot, done))
      },
      cancel,
      close: () => {
        for (const slot of rows.keys()) cancel(slot)
        for (const slot of commands.keys()) cancel(slot)
      },
    }
  }
