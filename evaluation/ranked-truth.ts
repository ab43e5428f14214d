import type { NewEvent } from '#core/event/event.ts'
import { rankHosts } from '#core/event/rank-hosts.ts'

interface Listed {
  readonly capture: string
  readonly ip: string
  readonly score: number
  readonly bad: boolean
  readonly kinds: readonly string[]
}

const FIRST = 10

/** The hosts of all captures on one list, as far as it is known what they are, and how many of the first ten are bad. */
export const createRankedTruth = () => {
  const listed: Listed[] = []
  return {
    /** `isBad` answers undefined for a host of which nothing is known. */
    add: (
      capture: string,
      events: readonly NewEvent[],
      isOwn: (ip: string) => boolean,
      isBad: (ip: string) => boolean | undefined,
    ) => {
      for (const { ip, score, reasons } of rankHosts(events, isOwn)) {
        const bad = isBad(ip)
        if (bad !== undefined) listed.push({ capture, ip, score, bad, kinds: reasons.map(({ kind }) => kind) })
      }
    },
    report: () => {
      const first = listed.toSorted((a, b) => b.score - a.score).slice(0, FIRST)
      return {
        precision: first.length === 0 ? null : first.filter(({ bad }) => bad).length / first.length,
        of: first.length,
        first,
      }
    },
  }
}
