import { Button, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { DURATIONS, DurationChoice, endAfter } from '../../components/duration-choice.tsx'
import { useAct } from '../../lib/use-act.ts'

interface Props {
  readonly ip: string
  readonly done: () => void
}

/** Nobody is told of an address for a while, and why: a silence on it. */
export const IgnoreForm = ({ ip, done }: Props) => {
  const { t } = useTranslation()
  const { act, busy } = useAct('address', 'silences', 'alerts')
  const [ms, setMs] = useState<number>(DURATIONS[3])
  const [comment, setComment] = useState('')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const matchers = [{ name: 'address', operator: '=', value: ip }]
    const silence = { matchers, ends_at: endAfter(ms), comment: comment.trim() }
    if (await act(() => api.post('/silences', silence), t('addresses.ignored', { ip }))) done()
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <Text size="sm" className="quiet">
          {t('addresses.ignoreHint')}
        </Text>
        <DurationChoice label={t('addresses.length')} value={ms} onChange={setMs} />
        <TextInput
          label={t('addresses.reason')}
          value={comment}
          onChange={({ currentTarget }) => setComment(currentTarget.value)}
          maxLength={2000}
          data-autofocus
        />
        <Button type="submit" loading={busy}>
          {t('addresses.ignore')}
        </Button>
      </Stack>
    </form>
  )
}
