import { Button, Checkbox, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useAct } from '../../lib/use-act.ts'

interface Props {
  /** What it is about; empty: the shift. */
  readonly about: { readonly alert?: number; readonly monitor?: number }
}

/** A line of the log: it is written once, and stays. */
export const WriteLine = ({ about }: Props) => {
  const { t } = useTranslation()
  const { act, busy } = useAct('shift', 'notes', 'uses')
  const [text, setText] = useState('')
  const [ticket, setTicket] = useState('')
  const [pinned, setPinned] = useState(false)
  const write = async () => {
    if (!(await act(() => api.post('/notes', { text, ticket, pinned, ...about }), t('shift.added')))) return
    setText('')
    setTicket('')
    setPinned(false)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') void write()
      }}
    >
      <Stack gap="xs">
        <Textarea
          label={t('shift.write')}
          placeholder={t('shift.writePlaceholder')}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          maxLength={2000}
          autosize
          minRows={1}
        />
        <Group gap="sm" align="center">
          <TextInput
            aria-label={t('shift.ticket')}
            placeholder={t('shift.ticket')}
            value={ticket}
            onChange={({ currentTarget }) => setTicket(currentTarget.value)}
            maxLength={100}
            w={150}
          />
          <Checkbox
            label={t('shift.pin')}
            checked={pinned}
            onChange={({ currentTarget }) => setPinned(currentTarget.checked)}
          />
          <Button type="submit" loading={busy} disabled={text.trim() === ''} ml="auto">
            {t('shift.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
