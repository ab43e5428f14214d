import type { Monitor, State } from '../api/types.ts'

/** `cut_off`: down because of what it is reached through. */
export type ShownState = State | 'cut_off' | 'maintenance' | 'paused'

type Stand = Pick<Monitor, 'state' | 'paused' | 'cut_off_by'>

export const shownState = ({ state, paused, cut_off_by: by }: Stand): ShownState =>
  paused ? 'paused' : by && state === 'down' ? 'cut_off' : state

/** Since when it is shown as it is: of a paused one since it was paused, and not since it was last found to be something. */
export const shownSince = ({
  paused,
  paused_since,
  since,
}: Pick<Monitor, 'paused' | 'paused_since' | 'since'>): string | null => (paused ? (paused_since ?? null) : since)
