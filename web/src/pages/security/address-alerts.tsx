import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useCause } from '../../components/cause.ts'
import { useKindName } from '../../components/kind.ts'
import { SeverityText } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { Section } from './section.tsx'
import classes from './security.module.css'
import type { AlertLine } from './types.ts'

const SHOWN_CLOSED = 5

const Line = ({ alert }: { readonly alert: AlertLine }) => {
  const { t } = useTranslation()
  const kindName = useKindName()
  const causeOf = useCause()
  const { id, severity, kind, subject, about, status, since, resolved_at: end, count } = alert
  const reason = causeOf(alert) || alert.reason
  return (
    <li className={status === 'resolved' ? classes.over : ''}>
      <span className={classes.weight}>
        <SeverityText severity={severity} />
      </span>
      <span className={classes.what}>
        <Link href={`/alerts/${id}`} className="break">
          {kindName(kind) || subject}
        </Link>
        {!about && <span className="quiet"> ({subject})</span>}
        {count > 1 && <span className="quiet"> {t('addresses.times', { count })}</span>}
        {reason && <div className="quiet break">{reason.slice(0, 300)}</div>}
      </span>
      <span className={`quiet ${classes.when}`}>
        {status === 'resolved' ? (
          <>
            {t('words.resolved')} <Ago at={end} />
          </>
        ) : (
          <Ago at={since} />
        )}
      </span>
    </li>
  )
}

/** Alerts about it: those that are open, and the last that ended. */
export const AddressAlerts = ({ alerts }: { readonly alerts: readonly AlertLine[] }) => {
  const { t } = useTranslation()
  const open = alerts.filter(({ status }) => status === 'firing')
  const closed = alerts.filter(({ status }) => status !== 'firing')
  const note = closed.length > SHOWN_CLOSED && t('addresses.closedAlerts', { count: closed.length })
  return (
    <Section title={t('addresses.alerts')} note={note}>
      {alerts.length === 0 ? (
        <span className="quiet">{t('addresses.noAlerts')}</span>
      ) : (
        <ul className={classes.list}>
          {[...open, ...closed.slice(0, SHOWN_CLOSED)].map((alert) => (
            <Line key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
    </Section>
  )
}
