import type { Monitor, State } from '../api/types.ts'

/** `cut_off`: down because of what it is reached through. */
export type ShownState = State | 'cut_off' | 'maintenance' | 'paused'

type Stand = Pick<Monitor, 'state' | 'paused' | 'cut_off_by'>

export const shownState = ({ state, paused, cut_off_by: by }: Stand): ShownState =>
  paused ? 'paused' : by && state === 'down' ? 'cut_off' : state
