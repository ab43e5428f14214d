import type { PathSnapshot } from '#core/monitor/path.ts'
import type { RoundFault } from '#core/probe.ts'
import { ownAddresses } from '#lib/net/own-addresses.ts'
import type { IcmpRounds } from '../icmp/icmp-rounds.ts'
import type { PingSockets } from '../icmp/pings.ts'
import { unpaced } from '../schedule/pacer.ts'
import { destinationOf } from '../tcp/destination.ts'

/** What became of a packet that was to end at some distance. */
type Answer =
  | { readonly kind: 'target' }
  | { readonly kind: 'router'; readonly from: string }
  /** A router on the way knows no further. */
  | { readonly kind: 'refused'; readonly from: string }
  | { readonly kind: 'silent' }
  /** This machine could not send or hear. */
  | { readonly kind: 'unknown' }

/** How many distances are asked at once: all likely ones where time presses, few where it does not. */
export type TraceWidth = 16 | 4

/** Looks at the way to an address once; undefined where this machine cannot see ways. */
export type TracePath = (address: string, width: TraceWidth) => Promise<Omit<PathSnapshot, 'at'> | undefined>

const ANSWER_MS = 500
const FARTHEST = 30
/** With so many silent ones in a row at its end, a way is not followed any further. */
const SILENT_END = 4
/** A packet may be lost: that many silent distances behind the last answer are asked once more. */
const ASKED_AGAIN = 3

const SILENT: Answer = { kind: 'silent' }

const answerOf = (rtt: number | undefined, fault: RoundFault | undefined, own: ReadonlySet<string>): Answer => {
  if (rtt !== undefined && !Number.isNaN(rtt)) return { kind: 'target' }
  if (fault?.ownFault) return { kind: 'unknown' }
  // What this machine says itself, for a neighbour that does not answer, is no hop.
  const { code, from } = fault?.icmpError ?? {}
  if (from === undefined || own.has(from)) return SILENT
  return { kind: code === 'time_exceeded' ? 'router' : 'refused', from }
}

/** Packets to each of these distances at once; their answers in the same order. */
const ask = (rounds: IcmpRounds, address: string, distances: readonly number[], own: ReadonlySet<string>) => {
  const plain = destinationOf({ address, packets: 1, gapMs: 0, timeoutMs: ANSWER_MS }, unpaced)
  return Promise.all(
    distances.map(
      (ttl) =>
        new Promise<Answer>((resolve) =>
          rounds.begin({ ...plain, ttl }, 0, (_, rtts, count, fault) =>
            resolve(answerOf(count > 0 ? rtts[0] : undefined, fault, own)),
          ),
        ),
    ),
  )
}

const ends = ({ kind }: Answer): boolean => kind === 'target' || kind === 'refused'

/** Where a way ends: at the first that is no router on it, or behind the last router. */
const endOf = (answers: readonly Answer[]): number => {
  const end = answers.findIndex(ends)
  return end >= 0 ? end : answers.findLastIndex(({ kind }) => kind === 'router') + 1
}

const silentNear = (answers: readonly Answer[]): number[] => {
  const end = endOf(answers)
  const until = answers[end]?.kind === 'target' ? end : Math.min(end + ASKED_AGAIN, answers.length)
  const silent = answers.slice(0, until).flatMap(({ kind }, index) => (kind === 'silent' ? [index + 1] : []))
  return silent.slice(-ASKED_AGAIN)
}

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at)

/** Where a way comes back to a router that it has passed, it goes round from there on. */
const withoutRounds = (hops: readonly (string | null)[]): readonly (string | null)[] => {
  const back = hops.findIndex((hop, index) => hop !== null && hops.indexOf(hop) < index)
  if (back < 0) return hops
  const way = hops.slice(0, back)
  return way.slice(0, way.findLastIndex((hop) => hop !== null) + 1)
}

const snapshotOf = (address: string, answers: readonly Answer[]): Omit<PathSnapshot, 'at'> => {
  const end = endOf(answers)
  const hops = answers.slice(0, end).map((answer) => (answer.kind === 'router' ? answer.from : null))
  const last = answers[end]
  // It refuses what it would pass on, so it stands one nearer than the packet would have gone, if it is not known yet.
  if (last?.kind === 'refused' && !hops.includes(last.from)) hops.push(last.from)
  const reached = last?.kind === 'target'
  return { address, hops: reached ? hops : withoutRounds(hops), reached }
}

/**
 * Follows ways by echo requests with a small time to live, over the sockets of the probes. The system's `ping` cannot. The
 * packets are not paced with the probes' own: who calls bounds how many ways are looked at.
 */
export const createPathTracer =
  (sockets: PingSockets): TracePath =>
  async (address, width) => {
    const { family, unfit } = destinationOf({ address, packets: 1, gapMs: 0, timeoutMs: ANSWER_MS }, unpaced)
    const rounds = sockets[family]
    if (unfit || !rounds) return undefined
    const own = new Set(ownAddresses())
    const answers: Answer[] = []
    while (answers.length < FARTHEST) {
      const next = range(answers.length + 1, Math.min(answers.length + width, FARTHEST))
      answers.push(...(await ask(rounds, address, next, own)))
      if (answers.some(ends) || answers.slice(-SILENT_END).every(({ kind }) => kind !== 'router')) break
    }
    const again = silentNear(answers)
    const second = await ask(rounds, address, again, own)
    for (const [index, distance] of again.entries()) answers[distance - 1] = second[index]!
    return answers.some(({ kind }) => kind === 'unknown') ? undefined : snapshotOf(address, answers)
  }
