import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useAlerts } from '../../api/queries.ts'
import type { Alert } from '../../api/types.ts'
import { Icon } from '../../components/icon.tsx'
import { Loaded } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import classes from './alerts.module.css'

/** What the monitor of an alert cut off: counted, and named when somebody asks. */
export const FoldedAlerts = ({ alert }: { readonly alert: Alert }) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <div className={classes.folded}>
      <button type="button" className={classes.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={open ? classes.opened : classes.closed}>
          <Icon name="chevron" size={12} />
        </span>
        {t('standing.cutOff', { count: alert.cuts_off })}
      </button>
      {open && <Folded monitor={alert.monitor!} />}
    </div>
  )
}

const Folded = ({ monitor }: { readonly monitor: number }) => {
  const { t } = useTranslation()
  const alerts = useAlerts({ sort: 'severity', cut_off_by: monitor })
  return (
    <Loaded query={alerts}>
      {(items) => (
        <ul className={classes.below}>
          {items.map((one) => (
            <li key={one.id}>
              <SeverityText severity={one.severity} />
              <Link href={`/alerts/${one.id}`} className="plain clip" title={one.subject}>
                {one.subject}
              </Link>
              <span className="quiet">
                <Ago at={one.since} />
              </span>
            </li>
          ))}
          {items.length === 0 && <li className="quiet">{t('alerts.empty')}</li>}
        </ul>
      )}
    </Loaded>
  )
}
