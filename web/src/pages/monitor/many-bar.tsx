import { Button, CloseButton, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChannels, useMonitors, useTypes } from '../../api/queries.ts'
import type { Monitor } from '../../api/types.ts'
import { Icon } from '../../components/icon.tsx'
import { Loaded } from '../../components/page.tsx'
import { SchemaForm, type Values } from '../../forms/schema-form/schema-form.tsx'
import { useLeaveGuard } from '../../forms/use-leave-guard.ts'
import { Silence } from '../alerts/attend-dialogs.tsx'
import { PauseDialog } from './pause-dialog.tsx'
import { useMany } from './use-many.ts'

interface Props {
  readonly chosen: readonly Monitor[]
  /** How many are shown, of which all may be chosen. */
  readonly shown: number
  readonly chooseAll: () => void
  /** No more choosing. */
  readonly close: () => void
}

/** What many monitors may be given at once; what they look at is each one's own. */
const COMMON = [
  'interval',
  'timeout',
  'failures',
  'severity',
  'reminder',
  'channels',
  'parents',
  'labels',
  'location',
  'runbook',
]

/** What is done to the monitors that were chosen in the list. */
const ManyBar = ({ chosen, shown, chooseAll, close }: Props) => {
  const { t } = useTranslation()
  const [dialog, setDialog] = useState<'pause' | 'silence' | 'edit'>()
  const count = chosen.length
  const { busy, setPaused, silence, change } = useMany(chosen, () => {
    setDialog(undefined)
    close()
  })
  const hide = () => setDialog(undefined)
  const none = count === 0
  const name = chosen[0]?.name ?? ''
  return (
    <Group
      p="xs"
      px="sm"
      gap="xs"
      role="toolbar"
      aria-label={t('manyMonitors.label')}
      style={{
        borderBottom: '1px solid var(--line)',
        position: 'sticky',
        top: 52,
        zIndex: 4,
        background: 'var(--surface)',
      }}
    >
      <Text size="sm" role="status">
        {t('manyMonitors.chosen', { count })}
      </Text>
      <Button size="xs" variant="subtle" onClick={chooseAll}>
        {t('manyMonitors.all', { count: shown })}
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={none}
        leftSection={<Icon name="pause" size={16} />}
        onClick={() => setDialog('pause')}
      >
        {t('monitors.pause')}
      </Button>
      {chosen.some(({ paused }) => paused) && (
        <Button
          size="xs"
          variant="default"
          loading={busy}
          leftSection={<Icon name="play" size={16} />}
          onClick={() => void setPaused({ paused: false })}
        >
          {t('monitors.resume')}
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        disabled={none}
        leftSection={<Icon name="mute" size={16} />}
        onClick={() => setDialog('silence')}
      >
        {t('alerts.silence')}
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={none}
        leftSection={<Icon name="edit" size={16} />}
        onClick={() => setDialog('edit')}
      >
        {t('words.edit')}
      </Button>
      <CloseButton ml="auto" aria-label={t('words.done')} onClick={close} />
      <Modal opened={dialog === 'pause'} onClose={hide} title={t('manyMonitors.pauseTitle', { count, name })}>
        <PauseDialog busy={busy} pause={setPaused} />
      </Modal>
      <Modal opened={dialog === 'silence'} onClose={hide} title={t('manyMonitors.silenceTitle', { count, name })}>
        <Silence busy={busy} act={silence} />
      </Modal>
      <Modal opened={dialog === 'edit'} onClose={hide} title={t('manyMonitors.editTitle', { count, name })} size="lg">
        <EditMany busy={busy} change={change} />
      </Modal>
    </Group>
  )
}
export default ManyBar

const EditMany = ({ busy, change }: { readonly busy: boolean; readonly change: (values: Values) => Promise<void> }) => {
  const { t } = useTranslation()
  const types = useTypes()
  const { data: channels = [] } = useChannels()
  const { data: monitors = [] } = useMonitors()
  const [values, setValues] = useState<Values>({})
  const [empty, setEmpty] = useState(false)
  const nothing = Object.keys(values).length === 0
  useLeaveGuard(!nothing && !busy)
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setEmpty(nothing)
        if (!nothing) void change(values)
      }}
    >
      <Stack>
        <Text size="sm" className="quiet">
          {t('manyMonitors.editHint')}
        </Text>
        <Loaded query={types}>
          {({ monitor }) => (
            <SchemaForm
              schema={monitor}
              value={values}
              onChange={setValues}
              only={COMMON}
              choices={{ channels: channels.map(({ name }) => name), parents: monitors.map(({ name }) => name) }}
            />
          )}
        </Loaded>
        {empty && nothing && (
          <Text size="sm" c="var(--state-down-text)" role="alert">
            {t('manyMonitors.nothing')}
          </Text>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            {t('words.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
