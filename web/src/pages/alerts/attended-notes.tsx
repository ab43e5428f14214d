import { Button, Card, Group, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { useErrorText } from '../../components/error-text.ts'
import { Icon } from '../../components/icon.tsx'
import { sayFailed } from '../../components/toast.tsx'
import { useWho } from '../../components/who.ts'
import { absolute } from '../../lib/format.ts'
import type { AlertDetail } from './timeline.ts'

/** Who takes care of it, and until when; it can be taken back. */
const Acknowledged = ({ id, acknowledgement }: Pick<AlertDetail, 'id' | 'acknowledgement'>) => {
  const { t } = useTranslation()
  const may = useMay()
  const who = useWho()
  const client = useQueryClient()
  const errorText = useErrorText()
  if (!acknowledgement) return null
  const takeBack = () =>
    api.delete(`/alerts/${id}/acknowledge`).then(
      () => client.invalidateQueries({ queryKey: ['alert'] }),
      (error) => sayFailed(errorText(error)),
    )
  return (
    <Card mb="md" padding="sm">
      <Group justify="space-between">
        <Text className="break">
          <b>{t('alerts.acknowledgedBy', { name: who(acknowledgement.by) })}</b>
          {acknowledgement.until && `, ${t('alerts.until', { time: absolute(acknowledgement.until) })}`}
          {acknowledgement.note && `: ${acknowledgement.note}`}
        </Text>
        {may && (
          <Button size="xs" variant="default" onClick={() => void takeBack()}>
            {t('alerts.takeBack')}
          </Button>
        )}
      </Group>
    </Card>
  )
}

/** Until when it is silenced, and by whom. */
const Silenced = ({ silence }: Pick<AlertDetail, 'silence'>) => {
  const { t } = useTranslation()
  const who = useWho()
  if (!silence) return null
  return (
    <Card mb="md" padding="sm">
      <Group gap="xs" wrap="nowrap">
        <Icon name="mute" size={18} />
        <Text className="break">
          <b>{t('alerts.silencedUntil', { time: absolute(silence.until) })}</b>{' '}
          {t('alerts.by', { name: who(silence.by) })}
          {silence.comment && `: ${silence.comment}`}
        </Text>
      </Group>
    </Card>
  )
}

/** What people did about an open alert. */
export const AttendedNotes = ({ alert: { id, acknowledgement, silence } }: { readonly alert: AlertDetail }) => (
  <>
    <Acknowledged id={id} acknowledgement={acknowledgement} />
    <Silenced silence={silence} />
  </>
)
