import { Button, Group, SegmentedControl, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import type { Backtest as Result } from '../../api/types.ts'
import { DayBars } from '../../charts/day-bars.tsx'
import { Failure } from '../../components/page.tsx'
import { Moment } from '../../components/time.tsx'
import { region } from '../../i18n/language.ts'
import { now } from '../../lib/clock.ts'
import { number } from '../../lib/format.ts'
import { bodyOf, type Draft } from './draft.ts'

interface Tested extends Result {
  readonly time_zone: string
}

const DAYS = [7, 30, 90] as const
const SAMPLES_SHOWN = 8
const DAY_MS = 86_400_000

/** All days up to today by the clock of the server's zone, those without an event too: a gap is an answer. */
const everyDay = ({ days, time_zone }: Tested, count: number): Result['days'] => {
  const known = new Map(days.map((day) => [day.day, day]))
  const today = new Intl.DateTimeFormat('sv', { timeZone: time_zone, dateStyle: 'short' }).format(now())
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(Date.parse(today) - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10)
    return known.get(day) ?? { day, would_send: 0, held_by_cooldown: 0 }
  })
}

/** A date as its reader writes it. */
const dayName = (day: string): string =>
  new Intl.DateTimeFormat(region(), { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' }).format(
    new Date(day),
  )

/** What the rule as it stands here, saved or not, would have done with the stored events. */
export const Backtest = ({ draft }: { readonly draft: Draft }) => {
  const { t } = useTranslation()
  const [days, setDays] = useState<number>(DAYS[0])
  const test = useMutation({
    mutationFn: () => {
      const rule = bodyOf(draft)
      return api
        .post<Tested>('/rules/backtest', { rule: { ...rule, name: rule.name || 'draft' }, days })
        .then((result) => ({ ...result, days: everyDay(result, days) }))
    },
  })
  return (
    <>
      <Group>
        <SegmentedControl
          aria-label={t('rules.backtest')}
          data={DAYS.map((count) => ({ value: String(count), label: t('rules.backtestDays', { count }) }))}
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
        />
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          {t('rules.backtestRun')}
        </Button>
      </Group>
      {test.error && <Failure error={test.error} />}
      {test.data && (
        <>
          <Text role="status">
            {t('rules.backtestResult', {
              events: number(test.data.events),
              matched: number(test.data.matched),
              sent: number(test.data.would_send),
              held: number(test.data.held_by_cooldown),
            })}
          </Text>
          {test.data.matched > 0 && (
            <DayBars
              days={test.data.days.map((day) => ({
                day: dayName(day.day),
                values: [day.would_send, day.held_by_cooldown],
              }))}
              parts={[
                { color: 'var(--series)', label: t('rules.wouldSend') },
                { color: 'var(--state-unknown)', label: t('rules.heldBack') },
              ]}
            />
          )}
          {test.data.samples.length > 0 && (
            <div>
              <Text fw={600} size="sm">
                {t('rules.samples')}
              </Text>
              {test.data.samples.slice(0, SAMPLES_SHOWN).map((event) => (
                <div key={event.id} style={{ fontSize: 14, display: 'flex', gap: 12 }}>
                  <Moment at={event.at} />
                  <Link href={`/events/${event.id}`} className="clip">
                    {event.subject}
                  </Link>
                </div>
              ))}
            </div>
          )}
        </>
      )}
    </>
  )
}
