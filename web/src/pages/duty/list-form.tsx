import { Button, Checkbox, MultiSelect, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Icon } from '../../components/icon.tsx'
import { Failure } from '../../components/page.tsx'
import { sayDone } from '../../components/toast.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import { useAct } from '../../lib/use-act.ts'
import { draftOf, entryOf, type ListDraft, NEW_SHIFT } from './list-draft.ts'
import { ShiftFields } from './shift-fields.tsx'
import type { DutyList } from './types.ts'

interface Props {
  readonly list: DutyList | undefined
  readonly channels: readonly string[]
  readonly people: readonly string[]
  readonly close: () => void
}

export const ListForm = ({ list, channels, people, close }: Props) => {
  const { t } = useTranslation()
  const { act, busy } = useAct('duty', 'uses')
  const { error, faults, clear, fail, lacks } = useFaults()
  const [draft, setDraft] = useState(draftOf(list))
  const set = (changes: Partial<ListDraft>) => setDraft({ ...draft, ...changes })
  const fault = (path: string) => Object.entries(faults).find(([at]) => at === path || at.startsWith(`${path}.`))?.[1]
  const save = async () => {
    clear()
    const missing = [
      ...(draft.name.trim() === '' ? ['name'] : []),
      ...(draft.fallback.length === 0 ? ['fallback'] : []),
      ...draft.shifts.flatMap((shift, index) => (shift.people.length === 0 ? [`shifts.${index}.people`] : [])),
    ]
    if (lacks(missing)) return
    const entry = entryOf(draft)
    await act(async () => {
      try {
        await api.put(`/duty/lists/${encodeURIComponent(entry.name)}`, { ...entry, ...(list && { was: list.name }) })
        close()
        sayDone(t('duty.saved'))
      } catch (failure) {
        fail(failure)
      }
    })
  }
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t('words.name')}
          name="name"
          value={draft.name}
          error={fault('name')}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          maxLength={200}
          data-autofocus
        />
        <MultiSelect
          label={t('duty.fallback')}
          name="fallback"
          description={t('duty.fallbackHint')}
          data={[...channels]}
          value={[...draft.fallback]}
          error={fault('fallback')}
          onChange={(fallback) => set({ fallback })}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          searchable
        />
      </SimpleGrid>
      <Text component="h2" fw={600}>
        {t('duty.shifts')}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {draft.shifts.map((shift, index) => (
          <ShiftFields
            // biome-ignore lint/suspicious/noArrayIndexKey: shifts have no other identity
            key={index}
            shift={shift}
            number={index + 1}
            people={people}
            fault={(field) => fault(`shifts.${index}.${field}`)}
            onChange={(next) => set({ shifts: draft.shifts.map((one, at) => (at === index ? next : one)) })}
            onRemove={() => set({ shifts: draft.shifts.filter((_, at) => at !== index) })}
          />
        ))}
      </SimpleGrid>
      <Button
        variant="default"
        leftSection={<Icon name="plus" />}
        onClick={() => set({ shifts: [...draft.shifts, NEW_SHIFT] })}
      >
        {t('duty.addShift')}
      </Button>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TagsInput
          label={t('duty.match')}
          description={t('duty.matchHint')}
          value={[...draft.match]}
          error={fault('match')}
          onChange={(match) => set({ match })}
          acceptValueOnBlur
        />
        <TextInput
          label={t('duty.timeZone')}
          description={t('duty.timeZoneHint')}
          value={draft.zone}
          error={fault('time_zone')}
          onChange={({ currentTarget }) => set({ zone: currentTarget.value })}
        />
      </SimpleGrid>
      <Textarea
        label={t('duty.holidays')}
        description={t('duty.holidaysHint')}
        value={draft.holidays}
        error={fault('holidays')}
        onChange={({ currentTarget }) => set({ holidays: currentTarget.value })}
        autosize
        minRows={2}
      />
      <Checkbox
        label={t('duty.meant')}
        checked={draft.meant}
        onChange={({ currentTarget }) => set({ meant: currentTarget.checked })}
      />
      {error !== undefined && <Failure error={error} />}
      <Button loading={busy} onClick={() => void save()}>
        {t('words.save')}
      </Button>
    </Stack>
  )
}
