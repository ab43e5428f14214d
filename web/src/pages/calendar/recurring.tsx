import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { Columns } from '../../components/columns.tsx'
import { confirm } from '../../components/confirm.tsx'
import { EditAndRemove } from '../../components/edit-and-remove.tsx'
import { Wide } from '../../components/wide.tsx'
import { useAct } from '../../lib/use-act.ts'
import { Section } from '../settings/section.tsx'
import type { Plan } from './types.ts'
import { timesOfCron } from './window-draft.ts'
import { matchersText, weekdayNames } from './words.tsx'

const dayNames = (weekdays: readonly string[]): string =>
  weekdayNames()
    .filter(([value]) => weekdays.includes(value))
    .map(([, name]) => name)
    .join(', ')

interface Props {
  readonly plans: readonly Plan[]
  readonly zone: string
  readonly onEdit: (plan: Plan) => void
}

/** Windows that come again and again: those of the file are shown, and changed there. */
export const Recurring = ({ plans, zone, onEdit }: Props) => {
  const { t } = useTranslation()
  const may = useMay()
  const { act } = useAct('maintenance', 'uses')
  const recurring = plans.filter(({ cron }) => cron !== null)
  if (recurring.length === 0) return null
  const remove = async (plan: Plan) => {
    if (await confirm(plan.name, t('calendar.removeHint'), t('calendar.remove')))
      await act(() => api.delete(`/maintenance/plans/${plan.id}`), t('calendar.removed'))
  }
  const comes = ({ cron, time_zone: own, duration }: Plan) => {
    const { every, weekdays, monthDay, at } = timesOfCron(cron!)
    const days = weekdays.length === 0 ? '' : `${dayNames(weekdays)} · `
    const times = { weekly: `${days}${at}`, monthly: `${t('calendar.form.monthDay')} ${monthDay} · ${at}`, cron: cron! }
    return `${times[every]} · ${t('calendar.lasts', { time: duration })}${own === zone ? '' : ` · ${own}`}`
  }
  return (
    <Section title={t('calendar.recurring')}>
      <Wide>
        <table className="plain stack">
          <Columns names={[t('words.name'), t('calendar.comes'), t('calendar.covers')]} actions />
          <tbody>
            {recurring.map((plan) => (
              <tr key={plan.id}>
                <td className="break">
                  {plan.name}{' '}
                  {plan.origin !== null && (
                    <Badge variant="light" color="gray" title={t('calendar.origin', { origin: plan.origin })}>
                      {t('calendar.fromFile')}
                    </Badge>
                  )}
                </td>
                <td>{comes(plan)}</td>
                <td className="break quiet">
                  {matchersText(plan.matchers)}
                  {plan.behind ? ` · ${t('calendar.form.behind')}` : ''}
                </td>
                <td style={{ textAlign: 'right', whiteSpace: 'nowrap' }}>
                  {may && plan.origin === null && (
                    <EditAndRemove onEdit={() => onEdit(plan)} onRemove={() => void remove(plan)} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Section>
  )
}
