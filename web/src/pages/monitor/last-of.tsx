import { Card, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Columns } from '../../components/columns.tsx'
import { Loaded } from '../../components/page.tsx'

interface Props<Item> {
  readonly title: string
  readonly items: UseQueryResult<readonly Item[]>
  /** What is said where there are none. */
  readonly none: string
  readonly columns: readonly string[]
  /** The cells of one. */
  readonly children: (item: Item) => ReactNode
}

/** What happened last to a monitor, newest first. */
export const LastOf = <Item extends { readonly id: number }>({
  title,
  items,
  none,
  columns,
  children,
}: Props<Item>) => (
  <Card component="section">
    <Text component="h2" fw={600} mb="xs">
      {title}
    </Text>
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
