/** What the server says of a wall; see `src/api/wall.ts`. */
export interface Problem {
  readonly name: string
  readonly state: 'down' | 'degraded'
  readonly severity: string
  readonly since: string
  readonly site: string
  readonly cut_off: number
  readonly acknowledged: boolean
}

interface Site {
  readonly name: string
  readonly total: number
  readonly down: number
  readonly degraded: number
  readonly cut_off: number
  readonly unknown: number
}

export interface WallData {
  readonly at: string
  readonly version: string
  readonly label: string
  readonly counts: Readonly<
    Record<'up' | 'degraded' | 'down' | 'cut_off' | 'unknown' | 'paused' | 'maintenance', number>
  >
  readonly problems: readonly Problem[]
  readonly more: number
  readonly sites: readonly Site[]
  readonly blind_since: string | null
}

/** How the last look went. Times by this screen's clock, ms. */
export interface Look {
  /** What was seen last; undefined before anything was. */
  readonly data: WallData | undefined
  /** When it was. */
  readonly seenAt: number
  /** Since when the server says nothing; undefined while it does. */
  readonly lostAt: number | undefined
  /** The link does not hold, or nobody has signed in. */
  readonly refused: boolean
}

const TIMEOUT_MS = 8000

/** Where this screen looks: by its link, else as whoever has signed in. */
export const addressOf = ({ pathname, search }: Pick<Location, 'pathname' | 'search'>): string => {
  const token = /^\/wall\/([^/]+)$/.exec(pathname)?.[1]
  if (token !== undefined) return `/wall/${token}/states`
  const label = new URLSearchParams(search).get('label')
  return `/api/v1/wall${label === null ? '' : `?label=${encodeURIComponent(label)}`}`
}

/** Looks once. Never throws: a server that does not answer is a look as well. */
export const lookOnce = async (address: string, before: Look, now: () => number): Promise<Look> => {
  try {
    const answer = await fetch(address, {
      headers: { accept: 'application/json' },
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (answer.status === 401 || answer.status === 404)
      return { data: undefined, seenAt: now(), lostAt: undefined, refused: true }
    if (!answer.ok) throw new Error(String(answer.status))
    const data = (await answer.json()) as WallData
    return { data, seenAt: now(), lostAt: undefined, refused: false }
  } catch {
    return { ...before, lostAt: before.lostAt ?? (before.data ? before.seenAt : now()) }
  }
}
