import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../components/page.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import { WindowPreview } from './preview.tsx'
import { bodyOf, cronOf, type Draft, matchersOf } from './window-draft.ts'
import { Telling } from './window-telling.tsx'
import { What } from './window-what.tsx'
import { When } from './window-when.tsx'

interface Props {
  readonly draft: Draft
  /** Whether it comes once or again is settled: it is changed. */
  readonly settled?: boolean
  readonly save: (body: ReturnType<typeof bodyOf>, repeats: boolean) => Promise<unknown>
  readonly close: () => void
}

/** Plans a maintenance window, and shows whom it hits before it is saved. */
export const WindowForm = ({ draft: first, settled = false, save, close }: Props) => {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(first)
  const [busy, setBusy] = useState(false)
  const { error, faults, clear, fail, lacks } = useFaults()
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const submit = async () => {
    clear()
    const missing = [
      ...(draft.name.trim() === '' ? ['name'] : []),
      ...(matchersOf(draft).length === 0 ? ['matchers'] : []),
    ]
    if (lacks(missing)) return
    setBusy(true)
    try {
      await save(bodyOf(draft), draft.repeats)
      close()
    } catch (failure) {
      fail(failure)
    } finally {
      setBusy(false)
    }
  }
  const part = { draft, set, faults }
  const { repeats, behind, zone, length } = draft
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Stack>
        <TextInput
          label={t('calendar.form.name')}
          placeholder={t('calendar.form.namePlaceholder')}
          name="name"
          value={draft.name}
          error={faults.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          maxLength={200}
          data-autofocus
        />
        <What {...part} />
        <When {...part} settled={settled} />
        <WindowPreview
          body={{
            matchers: matchersOf(draft),
            behind,
            time_zone: zone,
            ...(repeats && length.trim() !== '' && { cron: cronOf(draft), duration: length.trim() }),
          }}
        />
        <Textarea
          label={t('calendar.form.note')}
          value={draft.note}
          onChange={({ currentTarget }) => set({ note: currentTarget.value })}
          maxLength={2000}
          autosize
          minRows={1}
        />
        <Telling {...part} />
        {error !== undefined && <Failure error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('words.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {settled ? t('words.save') : t('calendar.form.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
