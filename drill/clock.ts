/**
 * The provider's time: it runs faster than the wall's, so that an hour of outage takes two minutes and no setting of
 * the product needs to be bent. All processes of a drill share it. Times in ms since the epoch.
 */
export interface DrillClock {
  readonly start: number
  readonly speed: number
}

/** How processes hand it on: `START,SPEED`. */
export const CLOCK_VARIABLE = 'DRILL_CLOCK'

/** What the provider's clock shows at a time of the wall. */
export const providerTime = ({ start, speed }: DrillClock, wall: number): number =>
  Math.round(start + (wall - start) * speed)

export const clockText = ({ start, speed }: DrillClock): string => `${start},${speed}`

/** Throws when the text is none: nobody but the drill writes it. */
export const readClock = (text: string | undefined): DrillClock => {
  const [start, speed] = (text ?? '').split(',').map(Number)
  if (!(start! > 0) || !(speed! >= 1)) throw new Error(`${CLOCK_VARIABLE}: not a clock: ${text}`)
  return { start: start!, speed: speed! }
}
