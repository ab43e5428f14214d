import { useTranslation } from 'react-i18next'
import { Columns } from '../../components/columns.tsx'
import { Wide } from '../../components/wide.tsx'
import classes from './duty.module.css'
import type { DutyList, Segment } from './types.ts'
import { clockOf, dayOf } from './words.ts'

/** What of a segment lies within a day. */
const within = (week: readonly Segment[], from: string, to: string): readonly Segment[] =>
  week.flatMap((segment) => {
    const begin = segment.from > from ? segment.from : from
    const end = segment.to < to ? segment.to : to
    return begin < end ? [{ ...segment, from: begin, to: end }] : []
  })

/** A week of a list, a line for each day; gaps are red. */
export const WeekTable = ({ list }: { readonly list: DutyList }) => {
  const { t } = useTranslation()
  const { days, week, zone, holidays } = list
  const holidayOf = (at: string) =>
    holidays.find(({ date }) => date === new Date(Date.parse(at) + 12 * 3_600_000).toISOString().slice(0, 10))
  const end = (at: string, dayEnd: string) => (at === dayEnd ? '24:00' : clockOf(at, zone))
  return (
    <Wide>
      <table className={`plain ${classes.week}`} style={{ minWidth: 0 }}>
        <Columns names={[t('duty.day'), t('duty.who')]} />
        <tbody>
          {days.slice(0, -1).map((day, index) => (
            <tr key={day}>
              <th scope="row" className={classes.day}>
                {dayOf(day, zone)}
                {holidayOf(day) && <div className="quiet">{holidayOf(day)!.name ?? t('duty.holiday')}</div>}
              </th>
              <td>
                <ul className={classes.segments}>
                  {within(week, day, days[index + 1]!).map((segment) => (
                    <li key={segment.from} className={segment.on.length === 0 ? classes.gap : classes.segment}>
                      <span className="number">
                        {clockOf(segment.from, zone)}–{end(segment.to, days[index + 1]!)}
                      </span>{' '}
                      <b>{segment.on.map(({ person }) => person).join(', ') || t('duty.nobody')}</b>
                      {segment.on.some(({ why }) => why === 'by_hand') && ` · ${t('duty.byHand')}`}
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}
