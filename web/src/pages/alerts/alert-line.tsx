import { Checkbox } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Alert } from '../../api/types.ts'
import { useAlertCause } from '../../components/cause.ts'
import { kindOf, useKindName } from '../../components/kind.ts'
import { Marks } from '../../components/marks.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import classes from './alerts.module.css'

interface LineProps {
  readonly alert: Alert
  readonly may: boolean
  readonly selected: boolean
  readonly toggle: () => void
  /** Below it: what its monitor cut off. */
  readonly children?: ReactNode
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** An alert in a list: how severe, about what and why, who has it, since when. */
export const AlertLine = ({ alert, may, selected, toggle, children }: LineProps) => {
  const { t } = useTranslation()
  const causeOf = useAlertCause()
  const kindName = useKindName()
  const resolved = alert.status === 'resolved'
  const note = resolved ? null : alert.acknowledgement?.note
  return (
    <li className={classes.item}>
      <div className={classes.line} data-status={alert.status} data-severity={alert.severity}>
        <span className={classes.check}>
          {may && !resolved && (
            <Checkbox
              size="xs"
              aria-label={t('alerts.select', { subject: alert.subject })}
              checked={selected}
              onChange={toggle}
            />
          )}
        </span>
        <span className={classes.severity}>
          <SeverityText severity={alert.severity} />
        </span>
        <span className={classes.subject}>
          <span className={classes.first}>
            <Link href={`/alerts/${alert.id}`} className="plain clip" style={{ fontWeight: 600 }} title={alert.subject}>
              {alert.subject}
            </Link>
            {!resolved && <Marks mark={alert} flapping={alert.data.state === 'flapping'} />}
          </span>
          <span className="quiet clip">
            {[
              alert.monitor === null && kindName(kindOf(alert.data)),
              causeOf(alert) || textOf(alert.data.message) || textOf(alert.data.reason),
            ]
              .filter(Boolean)
              .join(': ')}
          </span>
        </span>
        <span className={classes.status}>
          {t(`words.${alert.status}`)}
          {!resolved && alert.cut_off_by.length > 0 && <span className="quiet">{t('words.cut_off')}</span>}
          {note && (
            <span className="quiet clip" title={note}>
              {note}
            </span>
          )}
        </span>
        <span className={`quiet number ${classes.count}`}>{alert.count > 1 ? `${alert.count}×` : ''}</span>
        <span className={`quiet ${classes.since}`}>
          <Ago at={alert.since} />
        </span>
      </div>
      {children}
    </li>
  )
}
