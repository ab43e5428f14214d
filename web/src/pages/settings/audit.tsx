import { Button, Group } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { allOf } from '../../api/all-of.ts'
import { api, query } from '../../api/client.ts'
import type { Page } from '../../api/types.ts'
import { Columns } from '../../components/columns.tsx'
import { ExportButton } from '../../components/export-button.tsx'
import { Failure } from '../../components/page.tsx'
import { Moment } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'
import { addTexts } from '../../i18n/index.ts'
import { audit as auditTexts } from '../../i18n/texts/audit.ts'
import { type AuditLine, useAuditWords } from './audit-words.ts'
import { Section } from './section.tsx'

interface Entry extends AuditLine {
  readonly id: number
  readonly at: string
  readonly address: string | null
}

addTexts('audit', auditTexts)

const LIMIT = 50

const Audit = () => {
  const { t } = useTranslation()
  const words = useAuditWords()
  const audit = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) => api.get<Page<Entry>>(`/audit${query({ limit: LIMIT, cursor: pageParam })}`),
    initialPageParam: null as number | string | null,
    getNextPageParam: (page) => page.next_cursor,
  })
  const head = [t('words.when'), t('settings.actor'), t('settings.action'), t('words.details'), t('settings.address')]
  const rows = async () => {
    const { stamp } = await import('../../lib/save-csv.ts')
    return (await allOf<Entry>('/audit')).map((entry) => [
      stamp(entry.at),
      entry.actor,
      words.what(entry),
      words.details(entry),
      entry.address,
    ])
  }
  return (
    <Section title={t('settings.sections.audit')} hint={t('settings.auditHint')}>
      <Group justify="flex-end" mb="xs">
        <ExportButton name={t('settings.sections.audit')} head={head} rows={rows} />
      </Group>
      {audit.error && <Failure error={audit.error} retry={() => void audit.refetch()} />}
      <Wide>
        <table className="plain stack">
          <Columns names={head} />
          <tbody>
            {audit.data?.pages
              .flatMap((page) => page.items)
              .map((entry) => (
                <tr key={entry.id}>
                  <td>
                    <Moment at={entry.at} />
                  </td>
                  <td className="break" title={entry.actor}>
                    {words.who(entry)}
                  </td>
                  <td className="break">{words.what(entry)}</td>
                  <td className="break quiet all" style={{ maxWidth: 420 }}>
                    {words.details(entry).slice(0, 300)}
                  </td>
                  <td className="quiet">{entry.address}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </Wide>
      {audit.hasNextPage && (
        <Group justify="center" mt="sm">
          <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {t('words.more')}
          </Button>
        </Group>
      )}
    </Section>
  )
}
export default Audit
