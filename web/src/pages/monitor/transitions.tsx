import { Card, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Page, State } from '../../api/types.ts'
import { type CauseFields, useCause } from '../../components/cause.ts'
import { Columns } from '../../components/columns.tsx'
import { Loaded } from '../../components/page.tsx'
import { StateText } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'

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
  return (
    <Card component="section">
      <Text component="h2" fw={600} mb="xs">
        {t('monitors.transitions')}
      </Text>
      <Loaded query={transitions}>
        {(items) =>
          items.length === 0 ? (
            <Text className="quiet" size="sm">
              {t('monitors.noTransitions')}
            </Text>
          ) : (
            <table className="plain stack">
              <Columns names={[t('words.state'), t('words.since'), t('words.cause')]} />
              <tbody>
                {items.map((transition) => (
                  <tr key={transition.id}>
                    <td>
                      <StateText state={transition.to} />
                    </td>
                    <td>
                      <Moment at={transition.since} />
                    </td>
                    <td className="break quiet all">
                      {transition.to === 'up' ? '' : causeOf(transition).slice(0, 300)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Card>
  )
}
