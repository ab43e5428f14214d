import type { Draft } from './window-draft.ts'

/** What each part of the form of a window is given. */
export interface PartProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly faults: Readonly<Record<string, string>>
}

/** The first fault of a place or of anything within it. */
export const faultAt = (faults: PartProps['faults'], place: string): string | undefined =>
  Object.entries(faults).find(([path]) => path === place || path.startsWith(`${place}.`))?.[1]
