import { Card, SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { duration, number } from '../../lib/format.ts'
import type { Sums } from './types.ts'
import { successOf } from './words.ts'

interface FigureProps {
  readonly title: string
  readonly value: string
  readonly below: string
}

const Figure = ({ title, value, below }: FigureProps) => (
  <Card padding="sm">
    <Text size="sm" className="quiet">
      {title}
    </Text>
    <Text fz={24} fw={600} lh={1.3} className="number">
      {value}
    </Text>
    <Text size="sm" className="quiet">
      {below}
    </Text>
  </Card>
)

/** The stretch as a whole. */
export const Totals = ({ total }: { readonly total: Sums }) => {
  const { t } = useTranslation()
  const { first_look_ms: look } = total
  const counted = [
    `${t('figures.failed')}: ${number(total.failed)}`,
    ...(total.waiting > 0 ? [`${t('figures.waiting')}: ${number(total.waiting)}`] : []),
  ]
  const lookedOf = t('figures.lookedOf', { looked: number(total.looked_at), opened: number(total.opened) })
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} mb="md" spacing="sm">
      <Figure title={t('figures.messages')} value={number(total.tried)} below={counted.join(' · ')} />
      <Figure
        title={t('figures.success')}
        value={successOf(total)}
        below={`${t('figures.attempts')}: ${number(total.attempts)}`}
      />
      <Figure title={t('figures.alerts')} value={number(total.opened)} below={total.opened > 0 ? lookedOf : ''} />
      <Figure
        title={t('figures.firstLook')}
        value={look ? duration(look.median) : '–'}
        below={look ? t('figures.slowest', { time: duration(look.p90) }) : t('figures.nobodyLooked')}
      />
    </SimpleGrid>
  )
}
