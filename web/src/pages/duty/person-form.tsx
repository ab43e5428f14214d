import { Button, MultiSelect, Stack, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Failure } from '../../components/page.tsx'
import { sayDone } from '../../components/toast.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import { useAct } from '../../lib/use-act.ts'
import type { Person } from './types.ts'

interface Props {
  readonly person: Person | undefined
  /** Names of channels that could reach somebody. */
  readonly channels: readonly string[]
  readonly close: () => void
}

export const PersonForm = ({ person, channels, close }: Props) => {
  const { t } = useTranslation()
  const { act, busy } = useAct('duty')
  const { error, faults, clear, fail, lacks } = useFaults()
  const [name, setName] = useState(person?.name ?? '')
  const [reached, setReached] = useState<string[]>([...(person?.channels ?? [])])
  const [aliases, setAliases] = useState<string[]>([...(person?.aliases ?? [])])
  const save = async () => {
    clear()
    const wanted = name.trim()
    if (lacks([...(wanted === '' ? ['name'] : []), ...(reached.length === 0 ? ['channels'] : [])])) return
    await act(async () => {
      try {
        const body = { name: wanted, channels: reached, aliases, ...(person && { was: person.name }) }
        await api.put(`/duty/people/${encodeURIComponent(wanted)}`, body)
        close()
        sayDone(t('duty.saved'))
      } catch (failure) {
        fail(failure)
      }
    })
  }
  return (
    <Stack>
      <TextInput
        label={t('words.name')}
        name="name"
        value={name}
        error={faults.name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        maxLength={200}
        data-autofocus
      />
      <MultiSelect
        label={t('duty.channels')}
        name="channels"
        description={t('duty.channelsHint')}
        data={[...channels]}
        value={reached}
        error={Object.entries(faults).find(([path]) => path.startsWith('channels'))?.[1]}
        onChange={setReached}
        searchable
      />
      <TagsInput
        label={t('duty.aliases')}
        description={t('duty.aliasesHint')}
        value={aliases}
        onChange={setAliases}
        acceptValueOnBlur
      />
      {error !== undefined && <Failure error={error} />}
      <Button loading={busy} onClick={() => void save()}>
        {t('words.save')}
      </Button>
    </Stack>
  )
}
