/** `note`: what somebody wrote down; `handover`: a shift was handed over, and whoever comes in signs it. */
export type ShiftLineKind = 'note' | 'handover'

/** One line of the shift log: it is written once, and never changed but for being done or signed. Times in ms. */
export interface ShiftLine {
  readonly id: number
  readonly at: number
  readonly by: string
  readonly kind: ShiftLineKind
  readonly text: string
  /** Of another system; empty for none. */
  readonly ticket: string
  /** Stays in sight, over handovers too, until it is done. */
  readonly pinned: boolean
  readonly doneAt: number | null
  readonly doneBy: string | null
  /** What it is about; null: the shift as a whole. */
  readonly alertId: number | null
  readonly monitorId: number | null
}

/** A line as it is written. */
export type NewShiftLine = Omit<ShiftLine, 'id' | 'doneAt' | 'doneBy'>
