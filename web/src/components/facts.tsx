import type { ReactNode } from 'react'
import { Scroll } from './scroll.tsx'

/** A text of more characters than these scrolls by itself. */
const LONG = 600
const LONG_PX = 256

/** Names with what is known under them; empty ones are left out. */
export const Facts = ({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) => (
  <dl
    style={{
      display: 'grid',
      gridTemplateColumns: 'minmax(90px, auto) minmax(0, 1fr)',
      gap: '6px 16px',
      margin: 0,
      fontSize: 14,
    }}
  >
    {facts
      .filter(([, value]) => value !== '' && value !== null && value !== undefined && value !== false)
      .map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt className="quiet break">{name}</dt>
          <dd className="break" style={{ margin: 0 }}>
            {typeof value === 'string' && value.length > LONG ? (
              <Scroll label={name} maxHeight={LONG_PX}>
                {value}
              </Scroll>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
  </dl>
)
