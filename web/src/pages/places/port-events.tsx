import { useTranslation } from 'react-i18next'
import { useEvents } from '../../api/queries.ts'
import { RecentEvents } from '../../components/recent-events.tsx'

const SHOWN = 20

/** What went wrong at ports; nothing where nothing did. */
export const PortEvents = () => {
  const { t } = useTranslation()
  const { data: events = [] } = useEvents('port_state', SHOWN)
  return events.length > 0 && <RecentEvents title={t('places.portEvents')} events={events} />
}
