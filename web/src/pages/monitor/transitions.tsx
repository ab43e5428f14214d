import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { allOf } from '../../api/all-of.ts'
import { api } from '../../api/client.ts'
import type { Page, State } from '../../api/types.ts'
import { type CauseFields, useCause } from '../../components/cause.ts'
import { StateText } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { LastOf } from './last-of.tsx'

interface Transition extends CauseFields {
  readonly id: number
  readonly from: State
  readonly to: State
  readonly at: string
  readonly since: string
}

export const Transitions = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  const transitions = useQuery({
    queryKey: ['transitions', id],
    queryFn: async () => (await api.get<Page<Transition>>(`/monitors/${id}/transitions?limit=20`)).items,
  })
  const exported = async () => {
    const { stamp } = await import('../../lib/save-csv.ts')
    return (await allOf<Transition>(`/monitors/${id}/transitions`)).map((one) => [
      t(`words.${one.to}`),
      stamp(one.since),
      one.to === 'up' ? '' : causeOf(one),
    ])
  }
  return (
    <LastOf
      title={t('monitors.transitions')}
      items={transitions}
      none={t('monitors.noTransitions')}
      exported={exported}
      columns={[t('words.state'), t('words.since'), t('words.cause')]}
    >
      {(transition) => (
        <>
          <td>
            <StateText state={transition.to} />
          </td>
          <td>
            <Moment at={transition.since} />
          </td>
          <td className="break quiet all">{transition.to === 'up' ? '' : causeOf(transition).slice(0, 300)}</td>
        </>
      )}
    </LastOf>
  )
}
