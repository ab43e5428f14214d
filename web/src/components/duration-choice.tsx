import { SegmentedControl } from '@mantine/core'
import { now } from '../lib/clock.ts'
import { duration } from '../lib/format.ts'

const HOUR = 3_600_000
export const DURATIONS = [HOUR, 4 * HOUR, 8 * HOUR, 24 * HOUR, 7 * 24 * HOUR] as const

interface Props {
  readonly label: string
  /** Ms. */
  readonly value: number
  readonly onChange: (ms: number) => void
}

/** For how long: the lengths that people want at night. */
export const DurationChoice = ({ label, value, onChange }: Props) => (
  <div>
    <div style={{ fontSize: 14, fontWeight: 500, marginBottom: 4 }}>{label}</div>
    <SegmentedControl
      fullWidth
      aria-label={label}
      data={DURATIONS.map((ms) => ({ value: String(ms), label: duration(ms) }))}
      value={String(value)}
      onChange={(text) => onChange(Number(text))}
    />
  </div>
)

/** The end of a stretch that begins now, as the API takes it. */
export const endAfter = (ms: number): string => new Date(now() + ms).toISOString()
