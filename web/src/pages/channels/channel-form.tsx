import {
  Button,
  Card,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useTypes } from '../../api/queries.ts'
import type { Channel, Types } from '../../api/types.ts'
import { Failure, Loaded } from '../../components/page.tsx'
import { missingIn } from '../../forms/faults.ts'
import { FormFooter } from '../../forms/form-footer.tsx'
import { SchemaForm, type Values } from '../../forms/schema-form/schema-form.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import { useLeaveGuard } from '../../forms/use-leave-guard.ts'
import { serverText } from '../../i18n/server-texts.ts'

const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const

interface Draft {
  readonly name: string
  readonly type: string
  readonly options: Values
  readonly description: string
  readonly enabled: boolean
  readonly language: string
  readonly timeZone: string
  readonly count: number | ''
  readonly per: string
  readonly urgent: string
}

const draftOf = (channel: Channel | undefined, types: Types): Draft => ({
  name: channel?.name ?? '',
  type: channel?.type ?? types.channels[0]?.name ?? '',
  options: (channel?.options as Values | undefined) ?? {},
  description: channel?.description ?? '',
  enabled: channel?.enabled ?? true,
  language: channel?.language ?? '',
  timeZone: channel?.time_zone ?? '',
  count: channel?.rate_limit?.count ?? '',
  per: channel?.rate_limit?.per ?? '1h',
  urgent: channel?.urgent ?? '',
})

const bodyOf = (draft: Draft) => ({
  name: draft.name.trim(),
  options: draft.options,
  description: draft.description,
  enabled: draft.enabled,
  language: draft.language || null,
  time_zone: draft.timeZone || null,
  rate_limit: draft.count === '' ? null : { count: draft.count, per: draft.per },
  urgent: draft.urgent || null,
})

interface Props {
  /** Absent: a new one. */
  readonly channel?: Channel
  readonly saved: (channel: Channel, test: boolean) => Promise<void> | void
  readonly cancel: () => void
  readonly actions?: ReactNode
  readonly short?: boolean
}

/** A channel by the schema of its type. */
export const ChannelForm = (props: Props) => {
  const types = useTypes()
  return (
    <Loaded query={types} lines={8}>
      {(data) => <Form {...props} types={data} />}
    </Loaded>
  )
}

const Form = ({ channel, saved, cancel, actions, short = false, types }: Props & { readonly types: Types }) => {
  const { t } = useTranslation()
  // What was saved in a first try is changed by the next one.
  const [existing, setExisting] = useState(channel)
  const [draft, setDraft] = useState(() => draftOf(channel, types))
  const { error, faults, ...problems } = useFaults()
  const [busy, setBusy] = useState(false)
  const [changed, setChanged] = useState(false)
  useLeaveGuard(changed && !busy)
  const type = types.channels.find(({ name }) => name === draft.type)
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }))
    setChanged(true)
  }
  const submit = async (test: boolean) => {
    const options = type ? missingIn(type.options, draft.options, 'options') : []
    if (problems.lacks([...(draft.name.trim() === '' ? ['name'] : []), ...options])) return
    setBusy(true)
    try {
      const body = bodyOf(draft)
      const made = existing
        ? await api.patch<Channel>(`/channels/${existing.id}`, body)
        : await api.post<Channel>('/channels', { ...body, type: draft.type })
      setExisting(made)
      setChanged(false)
      await saved(made, test)
    } catch (failure) {
      problems.fail(failure)
    }
    setBusy(false)
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit(short)
      }}
    >
      <Stack>
        {error !== undefined && <Failure error={error} />}
        <SimpleGrid cols={{ base: 1, lg: short ? 1 : 2 }} style={{ alignItems: 'start' }}>
          <Card component="section">
            <Stack>
              <TextInput
                label={t('words.name')}
                name="name"
                required
                value={draft.name}
                error={faults.name}
                onChange={({ currentTarget }) => set({ name: currentTarget.value })}
                maxLength={200}
              />
              <Select
                label={t('words.type')}
                data={types.channels.map(({ name, title }) => ({ value: name, label: serverText(title) }))}
                value={draft.type}
                disabled={existing !== undefined}
                onChange={(value) => value && set({ type: value, options: {} })}
                allowDeselect={false}
              />
              {type && (
                <SchemaForm
                  key={type.name}
                  schema={type.options}
                  value={draft.options}
                  onChange={(options) => set({ options })}
                  faults={faults}
                  path="options"
                />
              )}
            </Stack>
          </Card>
          {!short && (
            <Card component="section">
              <Stack>
                <Switch
                  label={t('words.enabled')}
                  checked={draft.enabled}
                  onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
                />
                <Textarea
                  label={t('words.description')}
                  value={draft.description}
                  onChange={({ currentTarget }) => set({ description: currentTarget.value })}
                  maxLength={2000}
                  autosize
                />
                <Group grow align="flex-end">
                  <Select
                    label={t('history.language')}
                    data={[
                      { value: '', label: t('history.serverChoice') },
                      { value: 'en', label: 'English' },
                      { value: 'es', label: 'Español' },
                    ]}
                    value={draft.language}
                    onChange={(value) => set({ language: value ?? '' })}
                    allowDeselect={false}
                  />
                  <TextInput
                    label={t('history.timeZone')}
                    name="time_zone"
                    placeholder={t('history.serverChoice')}
                    value={draft.timeZone}
                    error={faults.time_zone}
                    onChange={({ currentTarget }) => set({ timeZone: currentTarget.value.trim() })}
                  />
                </Group>
                <Group grow align="flex-end">
                  <NumberInput
                    label={t('history.rateLimit')}
                    min={1}
                    max={10_000}
                    value={draft.count}
                    onChange={(value) => set({ count: value === '' ? '' : Number(value) })}
                  />
                  <TextInput
                    label={t('history.ratePer')}
                    name="rate_limit.per"
                    value={draft.per}
                    error={faults['rate_limit.per']}
                    onChange={({ currentTarget }) => set({ per: currentTarget.value.trim() })}
                  />
                </Group>
                <Text size="sm" className="quiet">
                  {t('history.rateHint')}
                </Text>
                <Select
                  label={t('history.urgent')}
                  data={[
                    { value: '', label: t('words.none') },
                    ...SEVERITIES.map((value) => ({ value, label: t(`words.${value}`) })),
                  ]}
                  value={draft.urgent}
                  onChange={(value) => set({ urgent: value ?? '' })}
                  allowDeselect={false}
                />
              </Stack>
            </Card>
          )}
        </SimpleGrid>
        <FormFooter actions={actions}>
          <Button variant="default" onClick={cancel}>
            {t(short ? 'words.skip' : 'words.cancel')}
          </Button>
          {!short && (
            <Button variant="default" loading={busy} onClick={() => void submit(true)}>
              {t('history.saveAndTest')}
            </Button>
          )}
          <Button type="submit" loading={busy}>
            {t(short ? 'history.saveAndTest' : 'words.save')}
          </Button>
        </FormFooter>
      </Stack>
    </form>
  )
}
