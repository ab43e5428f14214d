import { useTranslation } from 'react-i18next'
import type { Mark } from '../api/types.ts'
import { soonTime, useNow } from '../lib/format.ts'
import { Icon, type IconName } from './icon.tsx'
import classes from './marks.module.css'
import { useWho } from './who.ts'

type Shown = Partial<Pick<Mark, 'acknowledgement' | 'silence' | 'maintenance'>>

const OneMark = ({ icon, title, text }: { readonly icon: IconName; readonly title: string; readonly text: string }) => (
  <span className={classes.mark} title={title}>
    <Icon name={icon} size={13} />
    <span className="clip">{text}</span>
  </span>
)

/** Whether something with an end is not over yet; what has none lasts. */
const lasts = (until: string | null | undefined, now: number): boolean => !until || Date.parse(until) > now

const titleOf = (title: string, more: string | null | undefined): string => (more ? `${title}: ${more}` : title)

/** What people did, or planned, about something, with whose it is and until when: beside its name wherever it stands. */
export const Marks = ({ mark, flapping }: { readonly mark?: Shown | undefined; readonly flapping?: boolean }) => {
  const { t } = useTranslation()
  const who = useWho()
  const now = useNow()
  const { acknowledgement, silence, maintenance } = mark ?? {}
  const attended = acknowledgement && lasts(acknowledgement.until, now) ? acknowledgement : undefined
  const muted = silence && lasts(silence.until, now) ? silence : undefined
  const planned = maintenance && lasts(maintenance.until, now) ? maintenance : undefined
  if (!attended && !muted && !planned && !flapping) return null
  return (
    <span className={classes.marks}>
      {flapping && <OneMark icon="flap" title={t('standing.flappingTitle')} text={t('standing.flapping')} />}
      {attended && (
        <OneMark
          icon="check"
          title={titleOf(t('standing.attendedTitle', { name: who(attended.by) }), attended.note)}
          text={
            attended.until
              ? t('standing.attendsUntil', { name: who(attended.by), time: soonTime(attended.until) })
              : t('standing.attends', { name: who(attended.by) })
          }
        />
      )}
      {muted && (
        <OneMark
          icon="mute"
          title={titleOf(t('standing.silencedTitle', { name: who(muted.by) }), muted.comment)}
          text={t('standing.silencedUntil', { time: soonTime(muted.until) })}
        />
      )}
      {planned && (
        <OneMark
          icon="wrench"
          title={t('standing.maintenanceTitle', { name: who(planned.by) })}
          text={t('standing.maintenanceUntil', { name: planned.name, time: soonTime(planned.until) })}
        />
      )}
    </span>
  )
}
