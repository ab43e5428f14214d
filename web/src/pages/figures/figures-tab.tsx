import { Button, Group, SegmentedControl, SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, query } from '../../api/client.ts'
import { Empty, Loaded } from '../../components/page.tsx'
import { addTexts } from '../../i18n/index.ts'
import { figures as figureTexts } from '../../i18n/texts/figures.ts'
import { useUrlState } from '../../lib/url-state.ts'
import { FigureTables } from './figure-tables.tsx'
import { OverTime } from './over-time.tsx'
import { Totals } from './totals.tsx'
import { type Figures, RANGES, type Range } from './types.ts'

addTexts('figures', figureTexts)

const STALE_MS = 60_000
const DAYS: Readonly<Record<Range, number>> = { day: 1, week: 7, month: 30, quarter: 91 }
const DAY_MS = 86_400_000

/** The last day of the stretch before or after, as the address has it. */
const moved = ({ to, time_zone, range }: Figures, by: 1 | -1): string => {
  // Noon of the last day: no change of clocks leads to another one.
  const last = new Date(Date.parse(to) - DAY_MS / 2 + by * DAYS[range] * DAY_MS)
  return new Intl.DateTimeFormat('sv', { timeZone: time_zone, dateStyle: 'short' }).format(last)
}

/** What was told and opened over time, and how soon somebody looked. */
const FiguresTab = () => {
  const { t } = useTranslation()
  const [wanted, setRange] = useUrlState('range', 'week')
  const [until, setUntil] = useUrlState('until')
  const range = RANGES.find((one) => one === wanted) ?? 'week'
  const figures = useQuery({
    queryKey: ['figures', range, until],
    queryFn: () => api.get<Figures>(`/figures${query({ range, until })}`),
    staleTime: STALE_MS,
    placeholderData: (before) => before,
  })
  const { data } = figures
  const isLatest = data === undefined || Date.parse(data.to) > Date.now()
  return (
    <>
      <Group mb="sm" gap="sm">
        <SegmentedControl
          aria-label={t('figures.range')}
          data={RANGES.map((value) => ({ value, label: t(`figures.${value}`) }))}
          value={range}
          onChange={setRange}
        />
        <Button size="xs" variant="default" disabled={!data} onClick={() => data && setUntil(moved(data, -1))}>
          {t('figures.earlier')}
        </Button>
        <Button size="xs" variant="default" disabled={isLatest} onClick={() => data && setUntil(moved(data, 1))}>
          {t('figures.later')}
        </Button>
        {data && (
          <Text size="sm" className="quiet">
            {t('figures.hint', { zone: data.time_zone })}
          </Text>
        )}
      </Group>
      <Loaded query={figures} lines={8}>
        {(shown) =>
          shown.total.tried === 0 && shown.total.opened === 0 ? (
            <Empty title={t('figures.none')} />
          ) : (
            <>
              <Totals total={shown.total} />
              <SimpleGrid cols={{ base: 1, lg: 2 }} mb="md">
                <OverTime figures={shown} of="messages" />
                <OverTime figures={shown} of="alerts" />
              </SimpleGrid>
              <FigureTables figures={shown} />
            </>
          )
        }
      </Loaded>
    </>
  )
}
export default FiguresTab
