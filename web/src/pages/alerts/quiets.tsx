import { Button, Card, Text } from '@mantine/core'
import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import type { Page } from '../../api/types.ts'
import { confirm } from '../../components/confirm.tsx'
import { useErrorText } from '../../components/error-text.ts'
import { Moment } from '../../components/time.tsx'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { useWho } from '../../components/who.ts'
import { Wide } from '../../components/wide.tsx'

interface Quiet {
  readonly id: number
  readonly status: 'active' | 'planned' | 'over'
  readonly matchers: readonly { readonly name: string; readonly operator: string; readonly value: string }[]
  readonly starts_at: string
  readonly ends_at: string
  readonly created_by: string
  readonly comment?: string
  readonly name?: string
}

const KINDS = ['silences', 'maintenance'] as const

/** Silences and maintenance windows that run or are planned. */
export const Quiets = () => {
  const { t } = useTranslation()
  const may = useMay()
  const client = useQueryClient()
  const errorText = useErrorText()
  const answers = useQueries({
    queries: KINDS.map((kind) => ({
      queryKey: [kind],
      queryFn: async () => (await api.get<Page<Quiet>>(`/${kind}`)).items,
    })),
  })
  const quiets = KINDS.flatMap((kind, index) =>
    (answers[index]!.data ?? []).filter(({ status }) => status !== 'over').map((quiet) => ({ kind, quiet })),
  )
  const who = useWho()
  const end = async (kind: (typeof KINDS)[number], id: number) => {
    if (!(await confirm(t('alerts.endQuiet'), t('alerts.endQuietHint'), t('alerts.end')))) return
    try {
      await api.delete(`/${kind}/${id}`)
      sayDone(t('alerts.ended'))
    } catch (error) {
      sayFailed(errorText(error))
    }
    void client.invalidateQueries({ queryKey: [kind] })
  }
  return (
    <Card component="section">
      <Text component="h2" fw={600} mb="xs">
        {t('alerts.quiets')}
      </Text>
      {quiets.length === 0 ? (
        <Text className="quiet" size="sm">
          {t('alerts.noQuiets')}
        </Text>
      ) : (
        <Wide>
          <table className="plain stack">
            <tbody>
              {quiets.map(({ kind, quiet }) => (
                <tr key={`${kind}${quiet.id}`}>
                  <td>{t(kind === 'silences' ? 'alerts.silenceOne' : 'alerts.maintenanceOne')}</td>
                  <td className="break">
                    {quiet.matchers.map(({ name, operator, value }) => `${name} ${operator} ${value}`).join(', ')}
                  </td>
                  <td>{t(`alerts.${quiet.status}`)}</td>
                  <td>
                    {quiet.status === 'planned' && (
                      <>
                        <Moment at={quiet.starts_at} /> –{' '}
                      </>
                    )}
                    <Moment at={quiet.ends_at} />
                  </td>
                  <td className="quiet break">
                    {quiet.name ?? quiet.comment} {t('alerts.by', { name: who(quiet.created_by) })}
                  </td>
                  <td style={{ textAlign: 'right' }}>
                    {may && (
                      <Button size="compact-sm" variant="default" onClick={() => void end(kind, quiet.id)}>
                        {t('alerts.end')}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </Card>
  )
}
