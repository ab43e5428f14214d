import { Button, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMe } from '../../api/queries.ts'
import { Failure } from '../../components/page.tsx'
import { sayDone } from '../../components/toast.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import { now } from '../../lib/clock.ts'
import { useAct } from '../../lib/use-act.ts'
import { localText } from '../calendar/zone-time.ts'
import type { DutyList, Person } from './types.ts'

const HOURS_AT_FIRST = 8

interface Props {
  readonly list: DutyList
  readonly people: readonly Person[]
  readonly close: () => void
}

/** Somebody takes the duty over, until a time. */
export const IAmOn = ({ list, people, close }: Props) => {
  const { t } = useTranslation()
  const { data: me } = useMe()
  const { act, busy } = useAct('duty', 'uses')
  const { error, faults, clear, fail } = useFaults()
  const own = people.find(({ name }) => name.toLowerCase() === me?.name.toLowerCase())
  const [person, setPerson] = useState(own?.name ?? null)
  const [until, setUntil] = useState(localText(now() + HOURS_AT_FIRST * 3_600_000, list.zone))
  const take = () => {
    clear()
    return act(async () => {
      try {
        await api.post(`/duty/lists/${encodeURIComponent(list.name)}/takeovers`, { person: person ?? '', until })
        close()
        sayDone(t('duty.isOn', { name: person ?? '' }))
      } catch (failure) {
        fail(failure)
      }
    })
  }
  return (
    <Stack>
      <Text size="sm" className="quiet">
        {t('duty.iAmOnHint')}
      </Text>
      <Select
        label={t('duty.person')}
        data={people.map(({ name }) => name)}
        value={person}
        error={faults.person}
        onChange={setPerson}
        data-autofocus
      />
      <TextInput
        type="datetime-local"
        label={t('duty.untilWhen')}
        description={t('duty.zone', { zone: list.zone })}
        value={until}
        error={faults.until}
        onChange={({ currentTarget }) => setUntil(currentTarget.value)}
      />
      {error !== undefined && <Failure error={error} />}
      <Button loading={busy} disabled={person === null} onClick={() => void take()}>
        {t('duty.iAmOn')}
      </Button>
    </Stack>
  )
}
