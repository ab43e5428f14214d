import { Card, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  readonly title: string
  /** Beside the title, quieter. */
  readonly note?: ReactNode
  readonly action?: ReactNode
  readonly children: ReactNode
}

/** One part of what is known, under its name. */
export const Section = ({ title, note, action, children }: Props) => (
  <Card component="section" aria-label={title}>
    <Group justify="space-between" mb="xs" gap="xs">
      <Text component="h2" fw={600}>
        {title}
        {note && (
          <Text span className="quiet" ml="xs" size="sm">
            {note}
          </Text>
        )}
      </Text>
      {action}
    </Group>
    <div style={{ fontSize: 14 }}>{children}</div>
  </Card>
)
