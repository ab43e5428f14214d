import { Button, Card, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { Columns } from '../../components/columns.tsx'
import { Wide } from '../../components/wide.tsx'
import { absolute, number } from '../../lib/format.ts'
import { useAct } from '../../lib/use-act.ts'
import { useClassifier } from './classifier-card.tsx'

interface Connection {
  readonly uid: string | null
  readonly at: string
  readonly dest_ip: string
  readonly dest_port: number
  readonly protocol: string
  readonly state: string | null
  readonly confidence: number
}

const ANSWERS = ['benign', 'malicious'] as const

/** A prediction of the server's own classifier: its connections, and what people say of it. */
const PredictionCard = ({ id, connections }: { readonly id: number; readonly connections: readonly Connection[] }) => {
  const { t } = useTranslation()
  const may = useMay()
  const { data } = useClassifier()
  const { act, busy } = useAct('classifier')
  const given = data?.verdicts.find(({ event }) => event === id)?.verdict
  const say = (verdict: 'benign' | 'malicious' | null) =>
    act(() => api.put(`/events/${id}/verdict`, { verdict }), t('classifier.said'))
  return (
    <Card component="section">
      <Text component="h2" fw={600} mb="xs">
        {t('classifier.verdict')}
      </Text>
      <Text className="quiet" size="sm" mb="xs">
        {t('classifier.verdictHint')}
      </Text>
      {may && (
        <Group mb="md">
          {ANSWERS.map((answer) => (
            <Button
              key={answer}
              variant={given === answer ? 'filled' : 'default'}
              aria-pressed={given === answer}
              loading={busy}
              onClick={() => void say(answer)}
            >
              {t(`classifier.${answer}`)}
            </Button>
          ))}
          {given !== undefined && (
            <Button variant="subtle" loading={busy} onClick={() => void say(null)}>
              {t('classifier.takeBack')}
            </Button>
          )}
        </Group>
      )}
      <Text component="h3" fw={600} size="sm" mb={4}>
        {t('classifier.connections')}
      </Text>
      <Wide>
        <table className="plain stack">
          <Columns names={[t('classifier.when'), t('classifier.to'), t('classifier.state'), t('classifier.sure')]} />
          <tbody>
            {connections.map((one, index) => (
              <tr key={one.uid ?? index}>
                <td>{absolute(one.at)}</td>
                <td className="break">
                  {one.dest_ip} · {one.dest_port}/{one.protocol}
                </td>
                <td>{one.state ?? '–'}</td>
                <td>{number(Math.trunc(one.confidence * 100))} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Card>
  )
}
export default PredictionCard
