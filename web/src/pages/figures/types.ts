import type { figuresView } from '../../../../src/api/v1/figures.ts'

export const RANGES = ['day', 'week', 'month', 'quarter'] as const
export type Range = (typeof RANGES)[number]

/** What the API says of a stretch of time. */
export type Figures = ReturnType<typeof figuresView> & {
  readonly range: Range
  readonly time_zone: string
  readonly from: string
  readonly to: string
}
export type Sums = Figures['total']
export type MessageSums = Omit<Figures['channels'][number], 'channel'>
