import type { ReactNode } from 'react'

interface Props {
  readonly label: string
  readonly maxHeight: number
  readonly children: ReactNode
}

/** A box that scrolls by itself, reachable by the keyboard. */
export const Scroll = ({ label, maxHeight, children }: Props) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by its focus
  <div style={{ maxHeight, overflow: 'auto' }} tabIndex={0} role="region" aria-label={label}>
    {children}
  </div>
)
