import { Button, Group, Modal, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Alert } from '../../api/types.ts'
import { confirm } from '../../components/confirm.tsx'
import { DURATIONS, DurationChoice, endAfter } from '../../components/duration-choice.tsx'
import { useErrorText } from '../../components/error-text.ts'
import { Icon } from '../../components/icon.tsx'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { duration } from '../../lib/format.ts'

interface Props {
  readonly alerts: readonly Alert[]
  /** Afterwards, where some of it was done. */
  readonly done?: (() => void) | undefined
  readonly size?: 'xs' | 'sm'
}

/** What one may do with open alerts, one or many at a time. */
export const AlertActions = ({ alerts, done, size = 'sm' }: Props) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const errorText = useErrorText()
  const [dialog, setDialog] = useState<'acknowledge' | 'silence'>()
  const [busy, setBusy] = useState(false)
  const count = alerts.length
  /** An alert about a monitor ends when that answers again: until then nobody may be told that it does. */
  const endable = alerts.filter(({ can_resolve }) => can_resolve)

  /** Does something to each and tells what failed; what was done stays done. */
  const each = async (
    act: (alert: Alert) => Promise<unknown>,
    said: string,
    { of = alerts, undo }: { readonly of?: readonly Alert[]; readonly undo?: () => void } = {},
  ) => {
    const count = of.length
    setBusy(true)
    const outcomes = await Promise.allSettled(of.map(act))
    setBusy(false)
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
    void client.invalidateQueries({ queryKey: ['alerts'] })
    void client.invalidateQueries({ queryKey: ['alert'] })
    if (failed.length > 0)
      sayFailed(t('alerts.failedSome', { failed: failed.length, count, message: errorText(failed[0]!.reason) }))
    // Where nothing was done, what was typed and chosen stays, to be tried again.
    if (failed.length === count) return
    sayDone(said, failed.length === 0 ? undo : undefined)
    setDialog(undefined)
    done?.()
  }

  const takeBack = () => {
    void Promise.allSettled(alerts.map(({ id }) => api.delete(`/alerts/${id}/acknowledge`))).then(() =>
      client.invalidateQueries({ queryKey: ['alerts'] }),
    )
  }
  const acknowledge = (note: string, ms: number) =>
    each(
      ({ id }) => api.post(`/alerts/${id}/acknowledge`, { note, ...(ms > 0 && { until: endAfter(ms) }) }),
      t('alerts.acknowledgedNow', { count }),
      { undo: takeBack },
    )
  const resolve = async () => {
    const count = endable.length
    if (!(await confirm(t('alerts.resolveTitle', { count }), t('alerts.resolveHint'), t('alerts.resolve')))) return
    await each(({ id }) => api.post(`/alerts/${id}/resolve`), t('alerts.resolvedNow', { count }), { of: endable })
  }
  const silence = async (comment: string, ms: number) => {
    const subjects = [...new Set(alerts.map(({ subject }) => subject))]
    const made: number[] = []
    setBusy(true)
    try {
      for (const subject of subjects)
        made.push(
          (
            await api.post<{ id: number }>('/silences', {
              matchers: [{ name: 'subject', operator: '=', value: subject }],
              ends_at: endAfter(ms),
              comment,
            })
          ).id,
        )
      sayDone(
        t('alerts.silencedNow'),
        () =>
          void Promise.all(made.map((id) => api.delete(`/silences/${id}`))).then(() =>
            client.invalidateQueries({ queryKey: ['silences'] }),
          ),
      )
      setDialog(undefined)
      done?.()
    } catch (error) {
      sayFailed(errorText(error))
    }
    setBusy(false)
    void client.invalidateQueries({ queryKey: ['silences'] })
  }

  return (
    <>
      <Group gap="xs">
        <Button
          size={size}
          variant="default"
          leftSection={<Icon name="check" size={16} />}
          onClick={() => setDialog('acknowledge')}
        >
          {t('alerts.acknowledge')}
        </Button>
        <Button
          size={size}
          variant="default"
          leftSection={<Icon name="mute" size={16} />}
          onClick={() => setDialog('silence')}
        >
          {t('alerts.silence')}
        </Button>
        {endable.length > 0 && (
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

interface DialogProps {
  readonly busy: boolean
  readonly act: (text: string, ms: number) => Promise<void>
}

const Acknowledge = ({ busy, act }: DialogProps) => {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const [ms, setMs] = useState(0)
  const lengths = [
    { value: '0', label: t('alerts.untilEnd') },
    ...DURATIONS.slice(0, 4).map((one) => ({ value: String(one), label: duration(one) })),
  ]
  return (
    <Stack>
      <Text size="sm" className="quiet">
        {t('alerts.acknowledgeHint')}
      </Text>
      <Textarea
        label={t('alerts.note')}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
        maxLength={2000}
        data-autofocus
        autosize
        minRows={2}
      />
      <SegmentedControl
        fullWidth
        aria-label={t('monitors.for')}
        data={lengths}
        value={String(ms)}
        onChange={(value) => setMs(Number(value))}
      />
      <Button loading={busy} onClick={() => void act(note, ms)}>
        {t('alerts.acknowledge')}
      </Button>
    </Stack>
  )
}

const Silence = ({ busy, act }: DialogProps) => {
  const { t } = useTranslation()
  const [comment, setComment] = useState('')
  const [ms, setMs] = useState<number>(DURATIONS[0])
  return (
    <Stack>
      <Text size="sm" className="quiet">
        {t('alerts.silenceHint')}
      </Text>
      <DurationChoice label={t('monitors.for')} value={ms} onChange={setMs} />
      <TextInput
        label={t('alerts.reason')}
        value={comment}
        onChange={({ currentTarget }) => setComment(currentTarget.value)}
        maxLength={2000}
      />
      <Button loading={busy} onClick={() => void act(comment, ms)}>
        {t('alerts.silence')}
      </Button>
    </Stack>
  )
}
