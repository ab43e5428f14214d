import { Button, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import type { Page, Titled } from '../../api/types.ts'
import { useCause } from '../../components/cause.ts'
import { Columns } from '../../components/columns.tsx'
import { Loaded } from '../../components/page.tsx'
import { StateMark } from '../../components/state.tsx'
import { Ago, Moment } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'
import { wordsOf } from '../../i18n/words-of.ts'
import { useAct } from '../../lib/use-act.ts'
import { Section } from './section.tsx'

interface Schedule extends Titled {
  readonly name: string
  readonly enabled: boolean
  readonly every: string | null
  readonly cron: string | null
  readonly next_at: string | null
  readonly last: {
    readonly finished_at: string | null
    readonly ok: boolean | null
    readonly result: string | null
    readonly cause_code?: string
    readonly cause_facts?: object
  } | null
}

const Schedules = () => {
  const { t } = useTranslation()
  const schedules = useQuery({
    queryKey: ['schedules'],
    queryFn: async () => (await api.get<Page<Schedule>>('/schedules')).items,
  })
  return (
    <Section title={t('settings.sections.schedules')}>
      <Loaded query={schedules}>
        {(items) => (
          <Wide>
            <table className="plain">
              <Columns
                names={[t('settings.schedule'), t('settings.due'), t('settings.nextAt'), t('settings.lastRun')]}
                actions
              />
              <tbody>
                {items.map((schedule) => (
                  <Line key={schedule.name} schedule={schedule} />
                ))}
              </tbody>
            </table>
          </Wide>
        )}
      </Loaded>
    </Section>
  )
}
export default Schedules

const Line = ({ schedule }: { readonly schedule: Schedule }) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  const may = useMay()
  const administrator = useMay('administrator')
  const { act, busy } = useAct('schedules')
  const { name, enabled, every, cron, last } = schedule
  const { title } = wordsOf(schedule)
  const written = every ?? cron ?? ''
  const [timing, setTiming] = useState(written)
  const set = (body: object) => act(() => api.patch(`/schedules/${name}`, body), t('words.saved'))
  return (
    <tr>
      <td style={{ minWidth: 220 }}>
        <Switch
          label={title}
          checked={enabled}
          disabled={!administrator}
          onChange={() => void set({ enabled: !enabled })}
        />
      </td>
      <td>
        <TextInput
          size="xs"
          w={130}
          aria-label={`${title}: ${t('settings.timing')}`}
          title={t('settings.timing')}
          value={timing}
          disabled={!administrator}
          onChange={({ currentTarget }) => setTiming(currentTarget.value)}
          onBlur={() =>
            timing !== written &&
            timing !== '' &&
            void set(timing.includes(' ') ? { cron: timing } : { every: timing }).then(
              (done) => !done && setTiming(written),
            )
          }
        />
      </td>
      <td className="quiet">{schedule.next_at && <Moment at={schedule.next_at} />}</td>
      <td className="break">
        {last?.finished_at ? (
          <span>
            <StateMark state={last.ok ? 'up' : 'down'} size={10} /> <Ago at={last.finished_at} />{' '}
            <span className="quiet">{causeOf({ ...last, cause: last.result })}</span>
          </span>
        ) : (
          <span className="quiet">{t('settings.never')}</span>
        )}
      </td>
      <td style={{ textAlign: 'right' }}>
        {may && (
          <Button
            size="xs"
            variant="default"
            loading={busy}
            onClick={() => void act(() => api.post(`/schedules/${name}/run`))}
          >
            {t('settings.runNow')}
          </Button>
        )}
      </td>
    </tr>
  )
}
