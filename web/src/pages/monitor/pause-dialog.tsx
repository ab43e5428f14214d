import { Button, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DURATIONS, endAfter } from '../../components/duration-choice.tsx'
import { duration } from '../../lib/format.ts'

export interface Pausing {
  readonly paused: true
  readonly reason?: string
  readonly until?: string
}

/** For how long it is not looked at, and why. */
export const PauseDialog = ({
  busy,
  pause,
}: {
  readonly busy: boolean
  readonly pause: (pausing: Pausing) => Promise<unknown>
}) => {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [ms, setMs] = useState(0)
  const lengths = [
    ...DURATIONS.slice(0, 4).map((one) => ({ value: String(one), label: duration(one) })),
    { value: '0', label: t('manyMonitors.untilResumed') },
  ]
  const submit = () =>
    pause({
      paused: true,
      ...(reason.trim() && { reason: reason.trim() }),
      ...(ms > 0 && { until: endAfter(ms) }),
    })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Stack>
        <Text size="sm" className="quiet">
          {t('manyMonitors.pauseHint')}
        </Text>
        <TextInput
          name="reason"
          label={t('manyMonitors.reason')}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          maxLength={2000}
          data-autofocus
        />
        <SegmentedControl
          fullWidth
          aria-label={t('monitors.for')}
          data={lengths}
          value={String(ms)}
          onChange={(value) => setMs(Number(value))}
        />
        <Button type="submit" loading={busy}>
          {t('monitors.pause')}
        </Button>
      </Stack>
    </form>
  )
}
