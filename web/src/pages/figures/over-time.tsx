import { useTranslation } from 'react-i18next'
import { DayBars } from '../../charts/day-bars.tsx'
import { ExportButton } from '../../components/export-button.tsx'
import { Section } from '../settings/section.tsx'
import type { Figures } from './types.ts'
import { partNames, partStamps } from './words.ts'

interface Props {
  readonly figures: Figures
  readonly of: 'messages' | 'alerts'
}

/** Bars for each hour or day; the one of alerts hands over both as a list. */
export const OverTime = ({ figures, of }: Props) => {
  const { t } = useTranslation()
  const names = partNames(figures)
  const parts = {
    messages: [
      { color: 'var(--series)', label: t('figures.delivered') },
      { color: 'var(--state-down)', label: t('figures.failed') },
      { color: 'var(--state-unknown)', label: t('figures.waiting') },
    ],
    alerts: [
      { color: 'var(--series)', label: t('figures.looked') },
      { color: 'var(--state-unknown)', label: t('figures.notLooked') },
    ],
  }
  const valuesOf = (part: Figures['parts'][number]) =>
    of === 'messages'
      ? [part.delivered, part.failed, part.waiting]
      : [part.looked_at, Math.max(0, part.opened - part.looked_at)]
  const head = [
    t('words.when'),
    t('figures.tried'),
    t('figures.delivered'),
    t('figures.failed'),
    t('figures.waiting'),
    t('figures.attempts'),
    t('figures.opened'),
    t('figures.looked'),
    `${t('figures.firstLook')}: ${t('figures.median')} (s)`,
  ]
  const rows = async () => {
    const stamps = partStamps(figures)
    return figures.parts.map((part, index) => [
      stamps[index]!,
      part.tried,
      part.delivered,
      part.failed,
      part.waiting,
      part.attempts,
      part.opened,
      part.looked_at,
      part.first_look_ms && Math.round(part.first_look_ms.median / 1000),
    ])
  }
  return (
    <Section
      title={t(of === 'messages' ? 'figures.messages' : 'figures.alerts')}
      actions={
        of === 'messages' && (
          <ExportButton
            name={`${t('figures.title')} ${t(figures.range === 'day' ? 'figures.byHour' : 'figures.byDay')}`}
            head={head}
            rows={rows}
          />
        )
      }
    >
      <DayBars
        days={figures.parts.map((part, index) => ({ day: names[index]!, values: valuesOf(part) }))}
        parts={parts[of]}
      />
    </Section>
  )
}
