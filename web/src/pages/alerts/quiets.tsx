import { Button, Card, Group, Text } from '@mantine/core'
import { useQueries, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import type { Page } from '../../api/types.ts'
import { confirm } from '../../components/confirm.tsx'
import { useErrorText } from '../../components/error-text.ts'
import { ExportButton } from '../../components/export-button.tsx'
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
type Kind = (typeof KINDS)[number]

/** Silences and maintenance windows that run or are planned. */
interface Props {
  /** Beside its title. */
  readonly action?: ReactNode
  /** Absent: both. */
  readonly only?: Kind
}

export const Quiets = ({ action, only }: Props) => {
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
  const quiets = KINDS.filter((kind) => only === undefined || kind === only).flatMap((kind) =>
    (answers[KINDS.indexOf(kind)]!.data ?? [])
      .filter(({ status }) => status !== 'over')
      .map((quiet) => ({ kind, quiet })),
  )
  const who = useWho()
  const end = async (kind: Kind, id: number) => {
    if (!(await confirm(t('alerts.endQuiet'), t('alerts.endQuietHint'), t('alerts.end')))) return
    try {
      await api.delete(`/${kind}/${id}`)
      sayDone(t('alerts.ended'))
    } catch (error) {
      sayFailed(errorText(error))
    }
    void client.invalidateQueries({ queryKey: [kind] })
  }
  const exported = async () => {
    const { stamp } = await import('../../lib/save-csv.ts')
    return quiets.map(({ kind, quiet }) => [
      t(kind === 'silences' ? 'alerts.silenceOne' : 'alerts.maintenanceOne'),
      quiet.matchers.map(({ name, operator, value }) => `${name} ${operator} ${value}`).join(', '),
      t(`alerts.${quiet.status}`),
      stamp(quiet.starts_at),
      stamp(quiet.ends_at),
      quiet.name ?? quiet.comment,
      who(quiet.created_by),
    ])
  }
  const head = [
    t('words.type'),
    t('words.subject'),
    t('words.state'),
    t('words.from'),
    t('words.to'),
    t('alerts.reason'),
    t('words.who'),
  ]
  return (
    <Card component="section">
      <Group justify="space-between" mb="xs">
        <Text component="h2" fw={600}>
          {only === 'silences' ? t('alerts.silences') : t('alerts.quiets')}
        </Text>
        {action ?? (
          <Link href="/calendar" className="quiet">
            {t('alerts.calendar')}
          </Link>
        )}
      </Group>
      {quiets.length === 0 ? (
        <Text className="quiet" size="sm">
          {only === 'silences' ? t('alerts.noSilences') : t('alerts.noQuiets')}
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
                    {[quiet.name ?? quiet.comment, t('alerts.by', { name: who(quiet.created_by) })]
                      .filter(Boolean)
                      .join(' · ')}
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
          <Group justify="flex-end" mt="xs">
            <ExportButton name={t('alerts.quiets')} head={head} rows={exported} />
          </Group>
        </Wide>
      )}
    </Card>
  )
}
