/** What flapping needs to remember of one monitor: the times (ms) of its latest changes between up and down. */
export interface FlapState {
  readonly changes: readonly number[]
  /** Since when it flaps, ms; null while it does not. */
  readonly since: number | null
}

export interface FlapPolicy {
  /** Changes are forgotten after this long, ms. */
  readonly windowMs: number
  /** Weight at which flapping begins, and below which it ends. */
  readonly begin: number
  readonly end: number
}

/**
 * A second outage within a few minutes begins it; it ends when about ten minutes have brought nothing new. The two bounds
 * are apart (hysteresis), so that flapping itself does not flap.
 */
export const FLAP_POLICY: FlapPolicy = { windowMs: 20 * 60_000, begin: 2.5, end: 1 }

export const NOT_FLAPPING: FlapState = { changes: [], since: null }

/**
 * Weight of the changes within the window: each counts from 1 when it happens down to 0 when it is as old as the window,
 * so that fresh changes weigh more (the idea of Nagios and Icinga, by age in place of the number of checks).
 */
export const flapWeight = ({ changes }: FlapState, policy: FlapPolicy, now: number): number =>
  changes.reduce((sum, at) => sum + Math.max(0, 1 - Math.max(0, now - at) / policy.windowMs), 0)

/** After one more change between up and down. */
export const afterChange = (state: FlapState, policy: FlapPolicy, at: number): FlapState => {
  const changes = [...state.changes.filter((one) => one > at - policy.windowMs), at].slice(-100)
  const next = { ...state, changes }
  const began = state.since === null && flapWeight(next, policy, at) >= policy.begin
  return began ? { changes, since: changes[0]! } : next
}

/** One that flapped when it was last looked at, before a restart: it has as long from now on to calm down. */
export const stillFlapping = (state: FlapState, now: number): FlapState => ({
  changes: [...state.changes, now, now],
  since: state.since ?? state.changes[0] ?? now,
})

/** When it will have calmed down if nothing else happens, ms; null while it does not flap. */
export const calmAt = (state: FlapState, policy: FlapPolicy, now: number): number | null => {
  if (state.since === null) return null
  if (flapWeight(state, policy, now) < policy.end) return now
  // The weight falls along straight lines: halve the stretch until it is known to the second.
  let [early, late] = [now, now + policy.windowMs]
  while (late - early > 1000) {
    const middle = (early + late) / 2
    if (flapWeight(state, policy, middle) < policy.end) late = middle
    else early = middle
  }
  return Math.ceil(late)
}
