import { Card, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  readonly title: string
  readonly hint?: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export const Section = ({ title, hint, actions, children }: Props) => (
  <Card component="section" mb="md">
    <Group justify="space-between" mb="sm" align="flex-start">
      <div>
        <Text component="h2" fw={600}>
          {title}
        </Text>
        {hint && (
          <Text size="sm" className="quiet">
            {hint}
          </Text>
        )}
      </div>
      {actions}
    </Group>
    {children}
  </Card>
)
