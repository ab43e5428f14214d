/** What tells whether our own connection works. */
export interface SightPolicy {
  /** Ids of the monitors that look at the witnesses. */
  readonly witnesses: readonly number[]
  /** So many must fail for us to be blind. */
  readonly blindIf: number
  /** How long after sight returned failures are not trusted yet, ms. */
  readonly holdMs: number
}

/** Whether a failure that began at a time says something of its target: `wait` while the witnesses have not answered. */
type SightVerdict = 'see' | 'blind' | 'wait'

export interface Sight {
  /** Takes in a look at a witness. `began` and `returned` tell that sight was lost or came back with it. */
  result(witness: number, ok: boolean, at: number): 'began' | 'returned' | undefined
  /** Since when we are blind, ms; null while we see. */
  blindSince(): number | null
  /** Witnesses that did not answer the last look. */
  failing(): number
  /** When sight last returned, ms; null when it was never lost. */
  returnedAt(): number | null
  /** The clock is set by so much. */
  shift(byMs: number): void
  judge(since: number, now: number): SightVerdict
}

/**
 * Decides from looks at witnesses whether failures are the targets' own. A failure counts once enough witnesses have
 * answered after it began; while too many fail, and for a while after, it says nothing. `blindBefore`: since when we were
 * blind when nobody looked any more; we are until enough of them have answered.
 */
export const createSight = ({ witnesses, blindIf, holdMs }: SightPolicy, blindBefore: number | null = null): Sight => {
  const last = new Map<number, { readonly ok: boolean; readonly at: number }>()
  const okAt = new Map<number, number>()
  let since = blindBefore
  if (since !== null) for (const id of witnesses) last.set(id, { ok: false, at: since })
  let returned: number | null = null

  const failing = () => witnesses.filter((id) => last.get(id)?.ok === false)

  return {
    result: (witness, ok, at) => {
      last.set(witness, { ok, at })
      if (ok) okAt.set(witness, at)
      const dark = failing().length >= blindIf
      if (dark === (since !== null)) return undefined
      if (dark) {
        // Dark since the last time that enough of them were seen.
        since = Math.min(...failing().map((id) => last.get(id)!.at))
        return 'began'
      }
      since = null
      returned = at
      return 'returned'
    },
    blindSince: () => since,
    failing: () => failing().length,
    returnedAt: () => returned,
    shift: (byMs) => {
      for (const [id, { ok, at }] of last) last.set(id, { ok, at: at + byMs })
      for (const [id, at] of okAt) okAt.set(id, at + byMs)
      if (since !== null) since += byMs
      if (returned !== null) returned += byMs
    },
    judge: (failedSince, now) => {
      if (since !== null || (returned !== null && now < returned + holdMs)) return 'blind'
      const answered = witnesses.filter((id) => (okAt.get(id) ?? Number.NEGATIVE_INFINITY) >= failedSince).length
      return witnesses.length - answered < blindIf ? 'see' : 'wait'
    },
  }
}
