import { useTranslation } from 'react-i18next'
import { language } from '../../i18n/language.ts'
import { now } from '../../lib/clock.ts'
import classes from './calendar.module.css'
import type { CalendarAnswer, CalendarDay, CalendarEntry } from './types.ts'
import { clockText } from './zone-time.ts'

const SHOWN = 4
const MONDAY = new Date('2026-11-30T12:00:00Z').getTime()
const DAY_MS = 86_400_000

/** The days of the answer are those of the server's zone: as dates they stand by themselves. */
const dateOf = ({ date }: CalendarDay): Date => new Date(`${date}T12:00:00Z`)
const dateText = (day: Date, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(language(), { timeZone: 'UTC', ...options }).format(day)

interface Props {
  readonly calendar: CalendarAnswer
  readonly onOpen: (entry: CalendarEntry) => void
}

/** Thirty days in weeks; on a phone a list of the days on which there is something. */
export const MonthGrid = ({ calendar, onOpen }: Props) => {
  const { days, items } = calendar
  const [first] = days
  const blanks = first ? (dateOf(first).getUTCDay() + 6) % 7 : 0
  const weekdays = Array.from({ length: 7 }, (_, index) =>
    dateText(new Date(MONDAY + index * DAY_MS), { weekday: 'short' }),
  )
  return (
    <div className={classes.grid}>
      {weekdays.map((name) => (
        <div key={name} className={classes.weekday} aria-hidden="true">
          {name}
        </div>
      ))}
      {weekdays.slice(0, blanks).map((name) => (
        <div key={name} className={classes.blank} />
      ))}
      {days.map((day, index) => (
        <Day
          key={day.date}
          day={day}
          zone={calendar.time_zone}
          isFirst={index === 0 || day.date.endsWith('-01')}
          entries={items.filter(({ starts_at: from, ends_at: to }) => from < day.ends_at && to > day.starts_at)}
          onOpen={onOpen}
        />
      ))}
      {weekdays.slice(0, (7 - ((blanks + days.length) % 7)) % 7).map((name) => (
        <div key={name} className={classes.blank} />
      ))}
    </div>
  )
}

interface DayProps {
  readonly day: CalendarDay
  readonly zone: string
  readonly isFirst: boolean
  readonly entries: readonly CalendarEntry[]
  readonly onOpen: (entry: CalendarEntry) => void
}

const Day = ({ day, zone, isFirst, entries, onOpen }: DayProps) => {
  const { t } = useTranslation()
  const at = dateOf(day)
  const today = Date.parse(day.starts_at) <= now() && now() < Date.parse(day.ends_at)
  const names = [classes.day, today ? classes.today : '', entries.length === 0 ? classes.empty : '']
  return (
    <section
      className={names.join(' ')}
      aria-label={t('calendar.day', { day: dateText(at, { day: 'numeric', month: 'long' }), count: entries.length })}
    >
      <span className={classes.date}>
        {today ? `${t('calendar.today')} ` : ''}
        {dateText(at, isFirst ? { day: 'numeric', month: 'short' } : { day: 'numeric' })}
      </span>
      <span className={classes.phoneDate}>{dateText(at, { weekday: 'long', day: 'numeric', month: 'long' })}</span>
      {entries.slice(0, SHOWN).map((entry) => (
        <button
          key={`${entry.plan_id} ${entry.id} ${entry.starts_at}`}
          type="button"
          className={`${classes.entry} ${entry.status === 'planned' ? '' : classes[entry.status]}`}
          title={entry.name}
          onClick={() => onOpen(entry)}
        >
          <span className={classes.time}>
            {entry.starts_at < day.starts_at ? '…' : clockText(entry.starts_at, zone)}
          </span>
          <span className="clip">{entry.name}</span>
        </button>
      ))}
      {entries.length > SHOWN && (
        <button type="button" className={`${classes.entry} ${classes.over}`} onClick={() => onOpen(entries[SHOWN]!)}>
          {t('calendar.more', { count: entries.length - SHOWN })}
        </button>
      )}
    </section>
  )
}
