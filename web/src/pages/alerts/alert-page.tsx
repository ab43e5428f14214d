import { Card, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useMay, useMonitor, useMonitors, useUses } from '../../api/queries.ts'
import { Dependants } from '../../components/dependants.tsx'
import { Marks } from '../../components/marks.tsx'
import { Loaded, PageHead } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { addTexts } from '../../i18n/index.ts'
import { alertPage } from '../../i18n/texts/alert-page.ts'
import { addressIn, addressPath } from '../../lib/address.ts'
import { Notes } from '../shift/notes.tsx'
import { AlertActions } from './actions.tsx'
import { AlertData } from './alert-data.tsx'
import { AlertDetails } from './alert-details.tsx'
import { AlertTimeline } from './alert-timeline.tsx'
import { AttendedNotes } from './attended-notes.tsx'
import type { AlertDetail } from './timeline.ts'

addTexts('alertPage', alertPage)

const OutageMap = lazy(() => import('../map/outage-map.tsx'))

/** One alert: what it is about, and everything that was decided and sent. */
const AlertPage = ({ id }: { readonly id: number }) => {
  const alert = useQuery({ queryKey: ['alert', id], queryFn: () => api.get<AlertDetail>(`/alerts/${id}`) })
  return (
    <Loaded query={alert} lines={8}>
      {(data) => <Shown alert={data} />}
    </Loaded>
  )
}
export default AlertPage

const Shown = ({ alert }: { readonly alert: AlertDetail }) => {
  const { t } = useTranslation()
  const may = useMay()
  const open = alert.status !== 'resolved'
  const address = alert.monitor === null ? addressIn(alert.subject, alert.data) : undefined
  const { data: uses } = useUses()
  return (
    <>
      <PageHead
        title={alert.subject}
        beside={
          <>
            <SeverityText severity={alert.severity} />
            {open && <Marks mark={alert} flapping={alert.data.state === 'flapping'} />}
          </>
        }
        below={
          <Group gap="xs" className="quiet" fz="sm">
            <span>{alert.status === 'open' ? t('alertPage.nobody') : t(`words.${alert.status}`)}</span>·
            <Ago at={alert.since} />
            {address !== undefined && (
              <span>
                · <Link href={addressPath(address)}>{t('alerts.allAbout', { address })}</Link>
              </span>
            )}
          </Group>
        }
        actions={may && open && <AlertActions alerts={[alert]} />}
      />
      {open && <AttendedNotes alert={alert} />}
      {open && alert.cut_off_by.length > 0 && <CutOffBy alert={alert} />}
      {alert.monitor === null ? (
        <>
          <AlertDetails alert={alert} monitor={undefined} />
          <AlertData alert={alert} />
        </>
      ) : (
        <OfMonitor alert={alert} monitor={alert.monitor} />
      )}
      {alert.monitor !== null && uses?.map && (
        <Suspense fallback={null}>
          <OutageMap monitor={alert.monitor} />
        </Suspense>
      )}
      {typeof alert.data.monitor === 'string' && <Dependants of={alert.data.monitor} />}
      <Notes about={{ alert: alert.id }} />
      <AlertTimeline alert={alert} />
      {alert.monitor !== null && <AlertData alert={alert} />}
    </>
  )
}

/** The same with what is known of its monitor; the alert is shown all the same where that is gone. */
const OfMonitor = ({ alert, monitor }: { readonly alert: AlertDetail; readonly monitor: number }) => {
  const { data } = useMonitor(monitor)
  return <AlertDetails alert={alert} monitor={data} />
}

/** Where the fault is, of one that only stands behind it. */
const CutOffBy = ({ alert }: { readonly alert: AlertDetail }) => {
  const { t } = useTranslation()
  const { data: monitors = [] } = useMonitors()
  const roots = monitors.filter(({ id }) => alert.cut_off_by.includes(id))
  return (
    <Card mb="md" padding="sm" style={{ borderLeft: '4px solid var(--state-unknown)' }}>
      <span className="break">
        <b>{t('alertPage.cutOffBy')}</b>{' '}
        {roots.map(({ id, name }, index) => (
          <span key={id}>
            {index > 0 && ', '}
            <Link href={`/monitors/${id}`}>{name}</Link>
          </span>
        ))}
        . <span className="quiet">{t('alertPage.cutOffHint')}</span>
      </span>
    </Card>
  )
}
