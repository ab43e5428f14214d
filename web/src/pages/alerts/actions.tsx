import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../api/types.ts'
import { Icon } from '../../components/icon.tsx'
import { useDoing } from '../../lib/url-state.ts'
import { Acknowledge, Silence } from './attend-dialogs.tsx'
import { useAlertActs } from './use-alert-acts.ts'

interface Props {
  readonly alerts: readonly Alert[]
  /** Afterwards, where some of it was done. */
  readonly done?: (() => void) | undefined
  readonly size?: 'xs' | 'sm'
}

const asDialog = (doing: string) => (doing === 'acknowledge' || doing === 'silence' ? doing : undefined)

/** What one may do with open alerts, one or many at a time. */
export const AlertActions = ({ alerts, done, size = 'sm' }: Props) => {
  const { t } = useTranslation()
  const [dialog, setDialog] = useState<'acknowledge' | 'silence' | undefined>(asDialog(useDoing()))
  const count = alerts.length
  const { busy, isEndable, acknowledge, silence, resolve } = useAlertActs(alerts, () => {
    setDialog(undefined)
    done?.()
  })

  return (
    <>
      <Group gap="xs">
        <Button
          size={size}
          variant="default"
          leftSection={<Icon name="check" size={16} />}
          onClick={() => setDialog('acknowledge')}
        >
          {t(alerts.every(({ status }) => status === 'acknowledged') ? 'standing.takeOver' : 'alerts.acknowledge')}
        </Button>
        <Button
          size={size}
          variant="default"
          leftSection={<Icon name="mute" size={16} />}
          onClick={() => setDialog('silence')}
        >
          {t('alerts.silence')}
        </Button>
        {isEndable && (
          <Button
            size={size}
            variant="default"
            leftSection={<Icon name="cross" size={16} />}
            onClick={() => void resolve()}
          >
            {t('alerts.resolve')}
          </Button>
        )}
      </Group>
      <Modal
        opened={dialog === 'acknowledge'}
        onClose={() => setDialog(undefined)}
        title={t('alerts.acknowledgeTitle', { count })}
      >
        <Acknowledge busy={busy} act={acknowledge} />
      </Modal>
      <Modal
        opened={dialog === 'silence'}
        onClose={() => setDialog(undefined)}
        title={t('alerts.silenceTitle', { count, subject: alerts[0]?.subject ?? '' })}
      >
        <Silence busy={busy} act={silence} />
      </Modal>
    </>
  )
}
