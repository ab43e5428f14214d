/** Whom people let know of planned work, and when. */
export interface MaintenanceTelling {
  /** Ids of channels. */
  readonly channelIds: readonly number[]
  readonly begin: boolean
  readonly end: boolean
  /** So long before the begin, ms; absent: not ahead. */
  readonly leadMs?: number
}

/** What is told of a window; `cancelled`: it was announced and does not come. */
export type MaintenancePhase = 'ahead' | 'begin' | 'end' | 'cancelled'

export interface ToldWindow {
  readonly startsAt: number
  readonly endsAt: number
  readonly tell?: MaintenanceTelling | undefined
  readonly told: readonly MaintenancePhase[]
}

/** What is due to be told of a window, and when to look again, ms; null: never. */
export interface DueTelling {
  readonly phase: MaintenancePhase | null
  readonly nextAt: number | null
}

interface Moment {
  readonly phase: MaintenancePhase
  readonly at: number
  /** From then on it is no news any more. */
  readonly until: number
}

const momentsOf = ({ startsAt, endsAt, tell, told }: ToldWindow): Moment[] => {
  if (!tell || tell.channelIds.length === 0 || told.includes('end') || told.includes('cancelled')) return []
  // It was ended before it began.
  if (endsAt <= startsAt)
    return told.includes('ahead') ? [{ phase: 'cancelled', at: endsAt, until: Number.POSITIVE_INFINITY }] : []
  const began = told.includes('begin')
  return [
    ...(tell.leadMs !== undefined && !began && !told.includes('ahead')
      ? [{ phase: 'ahead', at: startsAt - tell.leadMs, until: startsAt } as const]
      : []),
    ...(tell.begin && !began ? [{ phase: 'begin', at: startsAt, until: endsAt } as const] : []),
    ...(tell.end ? [{ phase: 'end', at: endsAt, until: Number.POSITIVE_INFINITY } as const] : []),
  ]
}

/**
 * What is to be told of a window now: each phase once, and none that has passed meanwhile, as while no server ran; only the
 * end is told however late. Pure.
 */
export const dueTelling = (window: ToldWindow, now: number): DueTelling => {
  const open = momentsOf(window).filter(({ until }) => now < until)
  const due = open.find(({ at }) => at <= now)
  const later = open.filter((one) => one !== due).map(({ at }) => at)
  return { phase: due?.phase ?? null, nextAt: later.length === 0 ? null : Math.min(...later) }
}

/** When something of a window is to be told next, ms; null: nothing. */
export const nextTellingAt = (window: ToldWindow): number | null => {
  const moments = momentsOf(window).map(({ at }) => at)
  return moments.length === 0 ? null : Math.min(...moments)
}
