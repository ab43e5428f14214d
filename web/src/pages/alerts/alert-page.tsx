import { Group, SimpleGrid } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { Dependants } from '../../components/dependants.tsx'
import { Loaded, PageHead } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { Notes } from '../shift/notes.tsx'
import { AlertActions } from './actions.tsx'
import { AlertData } from './alert-data.tsx'
import { AlertDetails } from './alert-details.tsx'
import { AlertTimeline } from './alert-timeline.tsx'
import { AttendedNotes } from './attended-notes.tsx'
import type { AlertDetail } from './timeline.ts'

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
  return (
    <>
      <PageHead
        title={alert.subject}
        beside={<SeverityText severity={alert.severity} />}
        below={
          <Group gap="xs" className="quiet" fz="sm">
            <span>{t(`words.${alert.status}`)}</span>·<Ago at={alert.since} />
          </Group>
        }
        actions={may && open && <AlertActions alerts={[alert]} />}
      />
      {open && <AttendedNotes alert={alert} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }} mb="md">
        <AlertDetails alert={alert} />
        <AlertData alert={alert} />
      </SimpleGrid>
      {typeof alert.data.monitor === 'string' && <Dependants of={alert.data.monitor} />}
      <Notes about={{ alert: alert.id }} />
      <AlertTimeline alert={alert} />
    </>
  )
}
