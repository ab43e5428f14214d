import { Card, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Faults } from '../../forms/schema-form/schema-form.tsx'
import type { Draft } from './draft.ts'

/** What the parts of a rule's form share. */
export interface PartProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly faults: Faults
}

export const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Card component="section">
    <Text component="h2" fw={600} mb="sm">
      {title}
    </Text>
    <Stack gap="md">{children}</Stack>
  </Card>
)
