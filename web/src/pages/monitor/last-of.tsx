import { Card, Group, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Columns } from '../../components/columns.tsx'
import { ExportButton } from '../../components/export-button.tsx'
import { Loaded } from '../../components/page.tsx'
import type { Cell } from '../../lib/csv.ts'

interface Props<Item> {
  readonly title: string
  readonly items: UseQueryResult<readonly Item[]>
  /** What is said where there are none. */
  readonly none: string
  readonly columns: readonly string[]
  /** All of it, for spreadsheets. */
  readonly exported?: () => Promise<readonly (readonly Cell[])[]>
  /** The cells of one. */
  readonly children: (item: Item) => ReactNode
}

/** What happened last to a monitor, newest first. */
export const LastOf = <Item extends { readonly id: number }>({
  title,
  items,
  none,
  columns,
  exported,
  children,
}: Props<Item>) => (
  <Card component="section">
    <Group justify="space-between" mb="xs">
      <Text component="h2" fw={600}>
        {title}
      </Text>
      {exported && (items.data?.length ?? 0) > 0 && <ExportButton name={title} head={columns} rows={exported} />}
    </Group>
    <Loaded query={items}>
      {(some) =>
        some.length === 0 ? (
          <Text className="quiet" size="sm">
            {none}
          </Text>
        ) : (
          <table className="plain stack">
            <Columns names={columns} />
            <tbody>
              {some.map((item) => (
                <tr key={item.id}>{children(item)}</tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Loaded>
  </Card>
)
