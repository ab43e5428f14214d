import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api } from '../../api/client.ts'
import { useMonitor } from '../../api/queries.ts'
import { confirm } from '../../components/confirm.tsx'
import { DeleteButton } from '../../components/delete-button.tsx'
import { useErrorText } from '../../components/error-text.ts'
import { Empty, Loaded, PageHead } from '../../components/page.tsx'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import type { Values } from '../../forms/schema-form/schema-form.tsx'
import { MonitorForm } from './monitor-form.tsx'

/** Only what differs: what nobody touched stays as it is, whatever somebody else does meanwhile. */
const changesOf = (before: Values, after: Values): Values =>
  Object.fromEntries(
    Object.keys({ ...before, ...after })
      .filter((name) => name !== 'type' && JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, after[name]]),
  )

const EditMonitorPage = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const errorText = useErrorText()
  const [, go] = useLocation()
  const entry = useQuery({
    queryKey: ['entry', id],
    queryFn: () => api.get<Values>(`/monitors/${id}/entry`),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const origin = useMonitor(id).data?.origin
  const name = String(entry.data?.name ?? '')

  const remove = async () => {
    if (!(await confirm(t('monitors.delete', { name }), t('monitors.deleteHint'), t('words.delete')))) return
    try {
      await api.delete(`/monitors/${id}`)
      await client.invalidateQueries({ queryKey: ['monitors'] })
      sayDone(t('monitors.deleted', { name }))
      go('/')
    } catch (error) {
      sayFailed(errorText(error))
    }
  }

  return (
    <>
      <PageHead
        title={t('monitors.editTitle', { name })}
        actions={origin === null && <DeleteButton remove={remove} />}
      />
      <Loaded query={entry} lines={8}>
        {(before) =>
          origin ? (
            <Empty title={t('monitors.ownedByFile', { origin })} />
          ) : (
            <MonitorForm
              initial={before}
              fixedType
              cancel={() => go(`/monitors/${id}`)}
              save={async (after) => {
                await api.patch(`/monitors/${id}`, changesOf(before, after))
                await client.invalidateQueries({ queryKey: ['monitors'] })
                await client.invalidateQueries({ queryKey: ['monitor', id] })
                sayDone(t('words.saved'))
                go(`/monitors/${id}`)
              }}
            />
          )
        }
      </Loaded>
    </>
  )
}
export default EditMonitorPage
