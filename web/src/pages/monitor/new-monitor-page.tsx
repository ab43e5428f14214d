import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api } from '../../api/client.ts'
import type { MonitorDetail } from '../../api/types.ts'
import { PageHead } from '../../components/page.tsx'
import { sayDone } from '../../components/toast.tsx'
import { MonitorForm } from './monitor-form.tsx'

const NewMonitorPage = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [, go] = useLocation()
  return (
    <>
      <PageHead title={t('monitors.newTitle')} />
      <MonitorForm
        initial={{}}
        cancel={() => go('/')}
        save={async (entry) => {
          const made = await api.post<MonitorDetail>('/monitors', entry)
          await client.invalidateQueries({ queryKey: ['monitors'] })
          sayDone(t('monitors.created', { name: made.name }))
          go(`/monitors/${made.id}`)
        }}
      />
    </>
  )
}
export default NewMonitorPage
