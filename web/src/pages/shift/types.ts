/** What the API says of the shift log; see `api/v1/shift.ts`. */
export interface ShiftLine {
  readonly id: number
  readonly at: string
  readonly by: string
  readonly kind: 'note' | 'handover'
  readonly text: string
  readonly ticket: string
  readonly pinned: boolean
  readonly done_at: string | null
  readonly done_by: string | null
  readonly alert: number | null
  readonly monitor: number | null
}

interface ShiftAlert {
  readonly id: number
  readonly subject: string
  readonly severity: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL'
  readonly since: string
  readonly ended: string | null
  readonly by: string | null
}

export interface ShiftAlerts {
  readonly count: number
  readonly more: boolean
  /** Of those that are open: beneath others, whose failure cuts them off. */
  readonly cut_off?: number
  readonly items: readonly ShiftAlert[]
}

export interface Shift {
  readonly since: string
  readonly handover: ShiftLine | null
  readonly pinned: readonly ShiftLine[]
  readonly lines: readonly ShiftLine[]
  readonly opened: ShiftAlerts
  readonly closed: ShiftAlerts
  readonly open: ShiftAlerts
}
