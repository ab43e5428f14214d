import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Event } from '../../api/types.ts'
import { useEventText } from '../../components/event-text.ts'
import { SeverityText } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { number } from '../../lib/format.ts'
import { Section } from './section.tsx'
import classes from './security.module.css'
import type { KnownAddress } from './types.ts'

const SHOWN = 12

interface Line {
  /** The newest of those that say the same one after the other. */
  readonly event: Event
  readonly text: string
  readonly count: number
}

/** Events that come again and again become one line. */
const linesOf = (events: readonly Event[], textOf: (event: Event) => string): readonly Line[] =>
  events.reduce<Line[]>((lines, event) => {
    const text = textOf(event).slice(0, 300)
    const last = lines.at(-1)
    if (last?.text !== text || last.event.severity !== event.severity) lines.push({ event, text, count: 1 })
    else lines[lines.length - 1] = { ...last, count: last.count + 1 }
    return lines
  }, [])

/** The newest events that are about it, each with the way to all that became of it. */
export const LatestEvents = ({ known }: { readonly known: KnownAddress }) => {
  const { t } = useTranslation()
  const textOf = useEventText()
  const [all, setAll] = useState(false)
  const { latest, events } = known
  if (latest.length === 0) return null
  const lines = linesOf(latest, textOf)
  const shown = all ? lines : lines.slice(0, SHOWN)
  const count = shown.reduce((sum, line) => sum + line.count, 0)
  const note = events > count && t('addresses.latestOf', { count, all: number(events) })
  return (
    <Section title={t('addresses.latest')} note={note}>
      <ul className={classes.list}>
        {shown.map(({ event, text, count: times }) => (
          <li key={event.id}>
            <span className={classes.weight}>
              <SeverityText severity={event.severity} />
            </span>
            <span className={`${classes.what} break`}>
              {text}
              {times > 1 && <span className="quiet"> {t('addresses.times', { count: times })}</span>}
            </span>
            <Link href={`/events/${event.id}`} className={classes.when ?? ''}>
              <Moment at={event.at} />
            </Link>
          </li>
        ))}
      </ul>
      {lines.length > shown.length && (
        <Group justify="center" mt="sm">
          <Button size="xs" variant="default" onClick={() => setAll(true)}>
            {t('words.more')}
          </Button>
        </Group>
      )}
    </Section>
  )
}
