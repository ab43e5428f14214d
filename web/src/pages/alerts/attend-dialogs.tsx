import { Button, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DURATIONS, DurationChoice } from '../../components/duration-choice.tsx'
import { duration } from '../../lib/format.ts'

interface DialogProps {
  readonly busy: boolean
  readonly act: (text: string, ms: number) => Promise<void>
}

/** Who takes care says so, for how long, and what there is to know. */
export const Acknowledge = ({ busy, act }: DialogProps) => {
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

/** For how long nothing is told, and why. */
export const Silence = ({ busy, act }: DialogProps) => {
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
