import { Button, Card, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { confirm } from '../../components/confirm.tsx'
import { language } from '../../i18n/language.ts'
import { absolute, number } from '../../lib/format.ts'
import { useAct } from '../../lib/use-act.ts'

interface Table {
  readonly name: string
  readonly read_at: string | null
  readonly rows: number
  readonly trouble: { readonly message: string; readonly message_es: string } | null
  readonly waiting: { readonly lost: number; readonly of: number } | null
}

/** Tables that a file has read again and again: where they stand, and a yes to one that lost much. */
export const TablesCard = () => {
  const { t } = useTranslation()
  const tables = useQuery({
    queryKey: ['tables'],
    queryFn: async () => (await api.get<{ items: readonly Table[] }>('/tables')).items,
  })
  const { act, busy } = useAct('tables', 'monitors')
  if (!tables.data || tables.data.length === 0) return null
  const take = async ({ name, waiting }: Table) => {
    const sure = await confirm(
      t('bring.tableTake', { name }),
      t('bring.tableTakeHint', { lost: number(waiting!.lost), of: number(waiting!.of) }),
      t('bring.tableTakeYes'),
    )
    if (sure) await act(() => api.post(`/tables/${encodeURIComponent(name)}/confirm`), t('bring.tableTaken', { name }))
  }
  const stateOf = ({ rows, trouble, waiting }: Table) => {
    if (waiting) return t('bring.tableWaits', { lost: number(waiting.lost), of: number(waiting.of) })
    if (trouble) return language() === 'es' ? trouble.message_es : trouble.message
    return t('bring.tableRows', { count: rows })
  }
  return (
    <Card component="section" aria-label={t('bring.tables')} mt="md">
      <Text component="h2" fw={600} mb="xs">
        {t('bring.tables')}
      </Text>
      {tables.data.map((table) => (
        <Group key={table.name} justify="space-between" gap="xs" py={4}>
          <div style={{ minWidth: 0, flex: '1 1 220px' }}>
            <div className="break">{table.name}</div>
            <Text
              size="sm"
              className="break"
              c={table.waiting || table.trouble ? 'var(--state-degraded-text)' : 'var(--quiet)'}
            >
              {stateOf(table)}
              {table.read_at && ` · ${t('bring.tableRead', { time: absolute(table.read_at) })}`}
            </Text>
          </div>
          {table.waiting ? (
            <Button size="xs" disabled={busy} onClick={() => void take(table)}>
              {t('bring.tableTakeYes')}
            </Button>
          ) : (
            <Button
              size="xs"
              variant="default"
              disabled={busy}
              onClick={() => void act(() => api.post(`/tables/${encodeURIComponent(table.name)}/read`))}
            >
              {t('bring.tableReadNow')}
            </Button>
          )}
        </Group>
      ))}
    </Card>
  )
}
