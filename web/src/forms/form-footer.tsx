import { Group } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  /** What is done to the thing itself, as deleting it. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The end of a form, in sight however long the form is. */
export const FormFooter = ({ actions, children }: Props) => (
  <Group
    justify="space-between"
    style={{
      position: 'sticky',
      bottom: 0,
      padding: '10px 0',
      background: 'var(--ground)',
      borderTop: '1px solid var(--line)',
      zIndex: 5,
    }}
  >
    <Group>{actions}</Group>
    <Group>{children}</Group>
  </Group>
)
