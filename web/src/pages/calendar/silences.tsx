import { Button, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { DURATIONS, DurationChoice, endAfter } from '../../components/duration-choice.tsx'
import { Icon } from '../../components/icon.tsx'
import { Failure } from '../../components/page.tsx'
import { sayDone } from '../../components/toast.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import { Quiets } from '../alerts/quiets.tsx'
import { MatchRows } from './match-rows.tsx'
import { SilencePreviewPanel } from './preview.tsx'
import { type MatchRow, matchersOfRows } from './window-draft.ts'

/** Silences that run, and a form for one by conditions. */
export const Silences = () => {
  const { t } = useTranslation()
  const may = useMay()
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Quiets
        only="silences"
        action={
          may && (
            <Button size="xs" variant="default" leftSection={<Icon name="mute" size={16} />} onClick={open}>
              {t('calendar.silences.add')}
            </Button>
          )
        }
      />
      <Modal opened={opened} onClose={close} title={t('calendar.silences.formTitle')} size="lg">
        {opened && <SilenceForm close={close} />}
      </Modal>
    </>
  )
}

const SilenceForm = ({ close }: { readonly close: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [rows, setRows] = useState<readonly MatchRow[]>([{ name: 'subject', operator: '=~', value: '' }])
  const [ms, setMs] = useState<number>(DURATIONS[0])
  const [comment, setComment] = useState('')
  const [busy, setBusy] = useState(false)
  const { error, faults, clear, fail } = useFaults()
  const filled = matchersOfRows(rows).filter(({ value }) => value.length > 0)
  const begin = async () => {
    clear()
    setBusy(true)
    try {
      const matchers = matchersOfRows(rows)
      const { id } = await api.post<{ id: number }>('/silences', { matchers, ends_at: endAfter(ms), comment })
      close()
      sayDone(t('calendar.silences.begun'), () => void api.delete(`/silences/${id}`))
    } catch (failure) {
      fail(failure)
    } finally {
      setBusy(false)
      void client.invalidateQueries({ queryKey: ['silences'] })
    }
  }
  return (
    <Stack>
      <Text size="sm" className="quiet">
        {t('calendar.silences.hint')}
      </Text>
      <MatchRows
        rows={rows}
        onChange={setRows}
        error={Object.entries(faults).find(([path]) => path.startsWith('matchers'))?.[1]}
      />
      <SilencePreviewPanel matchers={filled} />
      <DurationChoice label={t('monitors.for')} value={ms} onChange={setMs} />
      <TextInput
        label={t('calendar.silences.reason')}
        value={comment}
        onChange={({ currentTarget }) => setComment(currentTarget.value)}
        maxLength={2000}
      />
      {error !== undefined && <Failure error={error} />}
      <Button loading={busy} onClick={() => void begin()}>
        {t('calendar.silences.begin')}
      </Button>
    </Stack>
  )
}
