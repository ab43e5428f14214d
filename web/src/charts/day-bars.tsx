interface Day {
  readonly day: string
  readonly values: readonly number[]
}

interface Props {
  readonly days: readonly Day[]
  /** A colour and a word for each value. */
  readonly parts: readonly { readonly color: string; readonly label: string }[]
}

/** Stacked bars, one a day, with their figures under the pointer and for screen readers. */
export const DayBars = ({ days, parts }: Props) => {
  const top = Math.max(1, ...days.map(({ values }) => values.reduce((sum, value) => sum + value, 0)))
  return (
    <>
      <div style={{ display: 'flex', gap: 3, alignItems: 'flex-end', height: 120, overflowX: 'auto' }} role="list">
        {days.map(({ day, values }) => {
          const words = `${day}: ${values.map((value, index) => `${parts[index]!.label} ${value}`).join(', ')}`
          return (
            <div
              key={day}
              role="listitem"
              aria-label={words}
              title={words}
              style={{
                flex: '1 0 8px',
                display: 'flex',
                flexDirection: 'column-reverse',
                height: '100%',
                borderBottom: '1px solid var(--line)',
              }}
            >
              {values.map(
                (value, index) =>
                  value > 0 && (
                    <div
                      key={parts[index]!.label}
                      style={{ height: `${(value / top) * 100}%`, minHeight: 2, background: parts[index]!.color }}
                    />
                  ),
              )}
            </div>
          )
        })}
      </div>
      <div
        className="quiet"
        style={{
          display: 'flex',
          flexWrap: 'wrap',
          justifyContent: 'space-between',
          gap: '2px 14px',
          fontSize: 13,
          marginTop: 4,
        }}
      >
        <span>{days[0]?.day}</span>
        <span style={{ display: 'flex', flexWrap: 'wrap', gap: '2px 14px' }}>
          {parts.map(({ color, label }) => (
            <span key={label} style={{ display: 'inline-flex', gap: 5, alignItems: 'center' }}>
              <span style={{ width: 10, height: 10, borderRadius: 2, background: color }} />
              {label}
            </span>
          ))}
        </span>
        <span>{days.at(-1)?.day}</span>
      </div>
    </>
  )
}
