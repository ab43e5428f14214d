import { memo } from 'react'

const COLOR: Readonly<Record<string, string>> = {
  u: 'var(--state-up)',
  g: 'var(--state-degraded)',
  d: 'var(--state-down)',
}
/** Down fills the height, so that it is seen without its colour. */
const HEIGHT: Readonly<Record<string, number>> = { u: 12, g: 17, d: 22 }

/** The last day as half-hour marks; `label` says the same in words. */
export const UptimeBar = memo(({ states, label }: { readonly states: string; readonly label: string }) => (
  <svg
    viewBox={`0 0 ${states.length * 4} 22`}
    preserveAspectRatio="none"
    width="100%"
    height="22"
    role="img"
    aria-label={label}
  >
    {['-', 'u', 'g', 'd'].map((letter) => {
      const height = HEIGHT[letter] ?? 4
      const path = [...states]
        .map((one, index) =>
          one === letter || (letter === '-' && !HEIGHT[one]) ? `M${index * 4} ${22 - height}h3v${height}h-3z` : '',
        )
        .join('')
      return path && <path key={letter} d={path} fill={COLOR[letter] ?? 'var(--line)'} />
    })}
  </svg>
))

/** Median latencies of the last day as a line; gaps where nothing was measured. */
export const Sparkline = memo(
  ({ values, label }: { readonly values: readonly (number | null)[]; readonly label: string }) => {
    const known = values.filter((value) => value !== null)
    if (known.length === 0) return <svg width="100%" height="22" aria-hidden="true" />
    const top = Math.max(...known) * 1.1 || 1
    let drawing = false
    const path = values
      .map((value, index) => {
        if (value === null) {
          drawing = false
          return ''
        }
        const command = drawing ? 'L' : 'M'
        const alone = !drawing && (values[index + 1] ?? null) === null
        drawing = true
        return `${command}${index} ${(21 - (value / top) * 20).toFixed(1)}${alone ? 'h.6' : ''}`
      })
      .join('')
    return (
      <svg
        viewBox={`0 0 ${values.length} 22`}
        preserveAspectRatio="none"
        width="100%"
        height="22"
        role="img"
        aria-label={label}
      >
        <path
          d={path}
          fill="none"
          stroke="var(--series)"
          strokeWidth="1.500"
          vectorEffect="non-scaling-stroke"
          strokeLinejoin="round"
        />
      </svg>
    )
  },
)
