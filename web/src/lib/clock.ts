/** Clocks that differ by less show nothing wrong: an answer takes its time, and the server tells whole seconds. */
const SAME_MS = 30_000

let aheadMs = 0

/** Takes the time of an answer of the server, as its `Date` header tells it. */
export const hearServerTime = (date: string | null): void => {
  const ahead = Date.now() - Date.parse(date ?? '')
  if (Number.isFinite(ahead)) aheadMs = Math.abs(ahead) < SAME_MS ? 0 : ahead
}

/** How far this browser's clock is ahead of the server's, ms; 0 where they agree. */
export const clockAhead = (): number => aheadMs

/** The time by the server's clock, ms: all times that are shown or sent are its own. */
export const now = (): number => Date.now() - aheadMs
