import { SimpleGrid } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { SeverityText } from '../../components/state.tsx'
import { duration, number } from '../../lib/format.ts'
import { FigureTable } from './figure-table.tsx'
import type { Figures, MessageSums, Sums } from './types.ts'
import { successOf, useFailureName, useRuleName } from './words.ts'

const medianOf = ({ first_look_ms: look }: Pick<Sums, 'first_look_ms'>): string => (look ? duration(look.median) : '–')
const seconds = ({ first_look_ms: look }: Pick<Sums, 'first_look_ms'>): number | null =>
  look && Math.round(look.median / 1000)

/** The same stretch by channel, rule and severity, and what failed. */
export const FigureTables = ({ figures }: { readonly figures: Figures }) => {
  const { t } = useTranslation()
  const ruleName = useRuleName()
  const failureName = useFailureName()
  const messageHead = [t('figures.tried'), t('figures.delivered'), t('figures.failed'), t('figures.success')]
  const messageCells = (sums: MessageSums) => [
    number(sums.tried),
    number(sums.delivered),
    number(sums.failed),
    successOf(sums),
  ]
  const counts = ({ tried, delivered, failed }: MessageSums) => [tried, delivered, failed]
  const lookHead = [t('figures.opened'), t('figures.looked'), t('figures.firstLook')]
  const lookCells = (sums: Sums) => [number(sums.opened), number(sums.looked_at), medianOf(sums)]
  const savedHead = messageHead.slice(0, 3)
  const savedLook = [t('figures.opened'), t('figures.looked'), `${t('figures.firstLook')} (s)`]
  const looks = (sums: Sums) => [sums.opened, sums.looked_at, seconds(sums)]
  return (
    <>
      <FigureTable
        title={t('figures.byRule')}
        head={[t('words.name'), ...lookHead, ...messageHead]}
        lines={figures.rules.map((line) => ({
          key: `${line.of} ${line.rule?.id}`,
          name: ruleName(line),
          cells: [...lookCells(line), ...messageCells(line)],
          saved: [ruleName(line), ...looks(line), ...counts(line)],
        }))}
        savedHead={[t('words.name'), ...savedLook, ...savedHead]}
      />
      <FigureTable
        title={t('figures.bySeverity')}
        head={[t('words.severity'), ...lookHead, ...messageHead]}
        lines={figures.severities.map((line) => ({
          key: line.severity,
          name: <SeverityText severity={line.severity} />,
          cells: [...lookCells(line), ...messageCells(line)],
          saved: [t(`words.${line.severity}`), ...looks(line), ...counts(line)],
        }))}
        savedHead={[t('words.severity'), ...savedLook, ...savedHead]}
      />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <FigureTable
          title={t('figures.byChannel')}
          head={[t('words.name'), ...messageHead]}
          lines={figures.channels.map((line) => ({
            key: String(line.channel.id),
            name: line.channel.name ?? t('figures.gone'),
            cells: messageCells(line),
            saved: [line.channel.name ?? '', ...counts(line)],
          }))}
          savedHead={[t('words.name'), ...savedHead]}
        />
        {figures.failures.length > 0 && (
          <FigureTable
            title={t('figures.whyFailed')}
            head={[t('figures.reason'), t('history.channel'), t('figures.failed')]}
            lines={figures.failures.map(({ failure, channel, count }) => ({
              key: `${failure} ${channel}`,
              name: failureName(failure),
              cells: [channel ?? '', number(count)],
              saved: [failureName(failure), channel ?? '', count],
            }))}
            savedHead={[t('figures.reason'), t('history.channel'), t('figures.failed')]}
          />
        )}
      </SimpleGrid>
    </>
  )
}
