import type { Cause } from '#core/cause/cause.ts'

/** Sight counts as back when nothing was wrong for so long: by then it is known what still fails. */
const HOLD_MS = 30_000

export interface LinkAlarmDeps {
  /** ms since the epoch. */
  readonly now: () => number
  /** Since when people have been told that we are blind, ms; null when they have not. */
  readonly blindSince: number | null
  readonly onCut: (since: number, reason: Cause) => void
  readonly onLink: (since: number, returnedAt: number) => void
}

/** Tells that this machine reaches nobody, and that it does again. */
export interface LinkAlarm {
  /** Takes in what cuts this machine off at present; undefined: nothing. */
  note(reason: Cause | undefined): void
  /** The clock is set by so much. */
  shift(byMs: number): void
  /** Since when people have been told that we are blind, ms; null when they have not. */
  blindSince(): number | null
}

/**
 * For a server without witnesses: that none of its network interfaces has a link it sees by itself. A link that goes again
 * within the hold is the same blindness, told once.
 */
export const createLinkAlarm = ({ now, blindSince, onCut, onLink }: LinkAlarmDeps): LinkAlarm => {
  let since = blindSince
  let returnedAt: number | null = null
  return {
    note: (reason) => {
      if (reason !== undefined) {
        returnedAt = null
        if (since !== null) return
        since = now()
        onCut(since, reason)
      } else if (since !== null) {
        returnedAt ??= now()
        if (now() < returnedAt + HOLD_MS) return
        onLink(since, returnedAt)
        since = null
        returnedAt = null
      }
    },
    shift: (byMs) => {
      if (since !== null) since += byMs
      if (returnedAt !== null) returnedAt += byMs
    },
    blindSince: () => since,
  }
}
